-- What wrk asks for, and its figures in a form that a program reads. The paths of the file that BENCH_PATHS names are
-- asked for at random; without it wrk asks for the one address that it was given.
local paths = os.getenv("BENCH_PATHS")
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

if paths then
    local requests = {}

    function init()
        math.randomseed(os.time() * 1000 + seed)
        for path in io.lines(paths) do
            requests[#requests + 1] = wrk.format("GET", path)
        end
    end

    function request()
        return requests[math.random(#requests)]
    end
end

function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format("figures %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes, failed,
        latency:percentile(50), latency:percentile(99)))
end
