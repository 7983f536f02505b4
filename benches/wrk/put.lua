-- Conditional PUTs. Arguments: a file with a user in which __NUMBER__ stands in userName and __TITLE__ in title, and
-- a word that no other run uses.
--
-- wrk does not tell a script which connection a request is for. Hence one connection for each thread (-t equal to -c):
-- every thread creates a user of its own and then replaces it again and again, naming the tag of the answer before.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local file = assert(io.open(args[1]))
  local user = file:read("*a"):gsub("__NUMBER__", args[2] .. "-" .. number)
  file:close()
  local at, to = assert(user:find("__TITLE__", 1, true))
  before, after = user:sub(1, at - 1), user:sub(to + 1)
  headers = { ["Content-Type"] = "application/scim+json" }
  count = 0
end

-- wrk calls this once for a trial, so it must not count.
function request()
  local user = before .. count .. after
  if not path then
    return wrk.format("POST", wrk.path .. "/Users", headers, user)
  end
  return wrk.format("PUT", path, headers, user)
end

-- wrk itself counts what is no success, and the caller fails if anything was.
function response(status, answered)
  if status == 201 then
    path = answered["location"]:gsub("^https?://[^/]*", "")
  end
  if status < 300 then
    headers["If-Match"] = answered["etag"]
    count = count + 1
  end
end
