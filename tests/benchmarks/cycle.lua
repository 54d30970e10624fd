-- Sends the requests of a file in turn, for ever, and prints what wrk measured as one JSON line.
-- Called as: wrk … -s cycle.lua URL -- REQUESTS, where each line of REQUESTS is
-- "header name <tab> header value <tab> JSON body".

local requests = {}
local turn = 0
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  wrong = 0
  for line in io.lines(args[1]) do
    local name, value, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/json" }
    headers[name] = value
    table.insert(requests, wrk.format("POST", nil, headers, body))
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

-- An answer with errors in it is status 200 too, and so is a refusal.
function response(status, _, body)
  if status ~= 200 or body:find('"errors"', 1, true) or body:find('"userErrors":[{', 1, true) then
    wrong = wrong + 1
  end
end

function done(summary, latency)
  local wrong = 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrong")
  end
  local errors = summary.errors
  print(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.4f, "p99_ms": %.4f, "errors": %d, "bytes": %d}',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    wrong + errors.connect + errors.read + errors.write + errors.timeout, summary.bytes
  ))
end
