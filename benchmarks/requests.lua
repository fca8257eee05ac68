-- Sends the paths of a file in turn, on one thread: wrk ... -s requests.lua ADDRESS FILE ACCEPT COUNT CONNECTIONS
-- Stops after COUNT answers and writes the seconds that they took.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } isogloss_time;
  int clock_gettime(int clock, isogloss_time *time);
  int getpid(void);
  int kill(int pid, int signal);
]]
local MONOTONIC, INTERRUPT = 1, 2
local paths, accept, sent, last, started = {}, "*/*", -1, 0, 0

local function now()
  local time = ffi.new("isogloss_time")
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  accept = arguments[2]
  last = tonumber(arguments[3]) + tonumber(arguments[4])
end

-- A connection asks for its next request when it has its answer: at request COUNT + CONNECTIONS, COUNT are there.
-- The first call is wrk's own, to see what it will send.
function request()
  if sent == 0 then started = now() end
  sent = sent + 1
  if sent == last then
    io.write(string.format("Answered in: %.6f\n", now() - started))
    io.flush()
    ffi.C.kill(ffi.C.getpid(), INTERRUPT)
  end
  return wrk.format("GET", paths[math.max(0, sent - 1) % #paths + 1], { ["Accept"] = accept })
end
