-- What wrk asks, and what it says of it in the end. `wrk … -s wrk.lua URL -- FILE SECONDS`
--
-- FILE: header lines, an empty line, and then a body a line. Each body is posted once, with one of
-- the headers, which take turns. After SECONDS, or when there is no more, nothing new is asked, but
-- what was asked is waited for, for a while: what is counted here is what the server did.

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds, nanoseconds; } moment;
  int clock_gettime(int clock, moment *now);
]]

local MONOTONIC = 1
local NEVER = 3600 * 1000 -- ms: longer than any run

local now = ffi.new("moment")
local headers, bodies = {}, {}
local let_through, lasts = 0, 0

-- wrk fetches these from the thread when it is done.
asked, answered, wrong, began, ended, first_wrong = 0, 0, 0, 0, 0, ""

local function seconds()
  ffi.C.clock_gettime(MONOTONIC, now)
  return tonumber(now.seconds) + tonumber(now.nanoseconds) / 1e9
end

local function read(file)
  local into = headers
  for line in io.lines(file) do
    if line == "" and into == headers then
      into = bodies
    else
      into[#into + 1] = line
    end
  end
  for i, line in ipairs(headers) do
    local name, value = line:match("^(.-): (.*)$")
    headers[i] = { ["Content-Type"] = "application/json", [name] = value }
  end
  if #headers == 0 then headers[1] = { ["Content-Type"] = "application/json" } end
end

function init(arguments)
  read(arguments[1])
  lasts = tonumber(arguments[2])
  -- wrk itself takes one, to look at it.
  let_through = 1
end

function delay()
  if began == 0 then began = seconds() end
  if let_through >= #bodies or seconds() >= began + lasts then return NEVER end
  let_through = let_through + 1
  return 0
end

function request()
  asked = asked + 1
  return wrk.format("POST", nil, headers[asked % #headers + 1], bodies[asked])
end

function response(status, _, body)
  answered = answered + 1
  ended = seconds()
  if status < 200 or status > 299 then
    wrong = wrong + 1
    if wrong == 1 then first_wrong = status .. " " .. body:gsub("%c", " ") end
  end
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

-- Of the one thread that there is. The last line is what there is to say in words.
function done(summary, latency)
  local thread, errors = threads[1], summary.errors
  local said = {
    answered = thread:get("answered"),
    late = thread:get("asked") - 1 - thread:get("answered"),
    wrong = thread:get("wrong"),
    lost = errors.connect + errors.read + errors.write + errors.timeout,
    seconds = thread:get("ended") - thread:get("began"),
    p50_ms = latency:percentile(50) / 1000,
    p99_ms = latency:percentile(99) / 1000,
  }
  for name, value in pairs(said) do io.write(string.format("figure %s %.6f\n", name, value)) end
  io.write("words " .. thread:get("first_wrong") .. "\n")
end
