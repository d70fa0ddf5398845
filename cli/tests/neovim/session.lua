-- One session of Neovim with `xact lsp`, on a copy of the reference project. Writes everything that a user would see as
-- JSON into the file XACT_RESULT.

local result = {}
local root = vim.fn.getcwd()

vim.opt.runtimepath:prepend(os.getenv('XACT_PLUGIN'))
vim.lsp.config('xact', { cmd = { os.getenv('XACT_PROGRAM'), 'lsp' } })
vim.lsp.enable('xact')

local function wait(event, is_so)
  if not vim.wait(120000, is_so, 20) then
    error('waited for ' .. event)
  end
end

-- Opens a file, and waits for the client.
local function open(path)
  vim.cmd.edit(root .. '/' .. path)
  wait('the client of ' .. path, function()
    return #vim.lsp.get_clients({ bufnr = 0, name = 'xact' }) == 1
  end)
end

-- Puts the cursor on the first match of a pattern, and `skip` characters further.
local function go_to(pattern, skip)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search(pattern, 'cW') > 0, pattern)
  vim.fn.cursor(vim.fn.line('.'), vim.fn.col('.') + (skip or 0))
end

local function ask(method, extra)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'xact' })[1]
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer = client:request_sync(method, vim.tbl_extend('force', params, extra or {}), 60000, 0)
  assert(answer and not answer.err, method .. vim.inspect(answer))
  return answer.result
end

local function hover(pattern, skip)
  go_to(pattern, skip)
  local answer = ask('textDocument/hover')
  return answer and answer ~= vim.NIL and answer.contents.value or ''
end

-- Where `gd` leads: the path below the project, and the line there.
local function jump(pattern, skip)
  go_to(pattern, skip)
  local before = vim.api.nvim_buf_get_name(0)
  vim.lsp.buf.definition()
  wait('a jump from ' .. pattern, function()
    return vim.api.nvim_buf_get_name(0) ~= before
  end)
  local path = vim.api.nvim_buf_get_name(0):sub(#root + 2)
  return path .. ': ' .. vim.trim(vim.api.nvim_get_current_line())
end

local function diagnostics()
  local shown = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(shown, ('%d:%d %s %s'):format(diagnostic.lnum + 1, diagnostic.col + 1, diagnostic.code, diagnostic.message))
  end
  return shown
end

local function run()
  open('queries/bookmarks.sql')
  wait('the first check', function()
    return hover('bookmarks_list', 2) ~= ''
  end)
  result.clean = diagnostics()
  result.hover_query = hover('bookmarks_list', 2)
  result.hover_column = hover('import_filename', 2)
  result.hover_table = hover('FROM bookmarks b', 6)

  -- A misspelt column, its diagnostic, and the code action that ends it.
  vim.cmd([[2,5s/b\.domain/b.domian/]])
  wait('the diagnostic', function()
    return #diagnostics() == 1
  end)
  result.broken = diagnostics()
  go_to([[b\.domian]], 3)
  vim.lsp.buf.code_action({ apply = true })
  wait('the fix', function()
    return vim.fn.search([[b\.domian]], 'nw') == 0 and #diagnostics() == 0
  end)
  result.fixed = vim.api.nvim_buf_get_lines(0, 2, 3, true)[1]

  -- Completion behind an alias, in a query that is not written yet.
  vim.api.nvim_buf_set_lines(0, -1, -1, true, { '', '-- name: bookmarks_new :many', 'SELECT c. FROM clusters c' })
  -- The editor sends a change a moment later.
  wait('the diagnostic of half a query', function()
    return #diagnostics() > 0
  end)
  go_to('SELECT c\\. FROM', 9)
  local labels = {}
  for _, item in ipairs(ask('textDocument/completion').items) do
    table.insert(labels, item.label)
  end
  result.completion = labels
  vim.cmd('edit!')

  -- Hints, as they are drawn.
  vim.lsp.inlay_hint.enable(true)
  wait('the hints', function()
    return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0
  end)
  local hints = {}
  for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
    table.insert(hints, hint.inlay_hint.label)
  end
  result.hints = hints

  result.to_schema = jump('FROM bookmarks b', 6)
  vim.cmd.edit(root .. '/queries/bookmarks.sql')
  result.to_column = jump([[b\.url]], 3)
  vim.cmd.edit(root .. '/queries/bookmarks.sql')
  result.to_rust = jump('bookmarks_list', 2)
  wait('the client of the module', function()
    return #vim.lsp.get_clients({ bufnr = 0, name = 'xact' }) == 1
  end)
  result.to_sql = jump('fn bookmarks_list', 4)
end

local is_done, message = pcall(run)
if not is_done then
  result.error = message
end
vim.fn.writefile({ vim.json.encode(result) }, os.getenv('XACT_RESULT'))
vim.cmd('qall!')
