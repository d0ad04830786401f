-- Asks the addresses of a file in order, from a place on, and then again from the first: wrk -s walk.lua URL -- FILE PLACE
local paths = {}
local place = 0

function init(arguments)
  for path in io.lines(arguments[1]) do
    paths[#paths + 1] = path
  end
  place = tonumber(arguments[2])
end

function request()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end
