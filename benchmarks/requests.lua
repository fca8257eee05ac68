-- Sends the paths of a file in turn: wrk ... -s requests.lua ADDRESS FILE ACCEPT
local paths, at, accept = {}, 0, "*/*"

function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  accept = arguments[2]
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], { ["Accept"] = accept })
end
