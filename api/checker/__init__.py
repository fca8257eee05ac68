"""The checker of linked data: asks a server as its clients do, and tells in plain words what is wrong."""
