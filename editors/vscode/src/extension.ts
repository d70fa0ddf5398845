// The client of `xact lsp`: starts it, and says which files it serves.

import { commands, ExtensionContext, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const restart = commands.registerCommand("xact.restart", () => client?.restart());
  context.subscriptions.push(restart);
  client = createClient();
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

function createClient(): LanguageClient {
  const settings = workspace.getConfiguration("xact");
  const server = settings.get<string>("server", "");
  const args = server === "" ? ["lsp"] : ["lsp", "--server", server];
  const serverOptions: ServerOptions = { command: settings.get<string>("path", "xact"), args };
  const clientOptions: LanguageClientOptions = {
    documentSelector: [
      // The server knows which of them are files of the project: `xact.toml` may name other folders than `queries`.
      { scheme: "file", language: "sql" },
      { scheme: "file", language: "yaml" },
      { scheme: "file", pattern: "**/xact.toml" },
      // Go to definition leads from a call to its SQL.
      { scheme: "file", language: "rust" },
    ],
    initializationOptions: { inlayHints: settings.get<string>("inlayHints", "option") },
  };
  return new LanguageClient("xact", "xact", serverOptions, clientOptions);
}
