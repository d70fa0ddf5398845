-- Neovim 0.11 or later: copy this file to `lsp/xact.lua` of your configuration, and enable it with
-- `vim.lsp.enable('xact')`.

-- Rust files are served too: go to definition leads from a call to its SQL.
return {
  cmd = { 'xact', 'lsp' },
  filetypes = { 'sql', 'yaml', 'rust' },
  root_markers = { 'xact.toml', 'migrations' },
  -- Without a project there is nothing to check.
  workspace_required = true,
  init_options = { inlayHints = 'option' },
}
