// Which program is the language server of a workspace. Without the editor's interface, so that it can be tested.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The server: a module that the editor's Node.js runs, or a program. */
export type Server =
  | { readonly module: string; readonly args: readonly string[] }
  | { readonly command: string; readonly args: readonly string[] };

/** The documents of the client: policies and their tests. The server reads included files by itself. */
export const DOCUMENTS = [
  { scheme: "file", pattern: "**/*.privet.jsonc" },
  { scheme: "file", pattern: "**/*.privet-test.jsonc" },
  { scheme: "untitled", pattern: "**/*.privet.jsonc" },
] as const;

/** The files whose changes on the disk the server is told. */
export const WATCHED = "**/*.{jsonc,json}";

/**
 * The server of a workspace: the program of the setting, else the package in one of its folders, so that the editor and the command line
 * agree, else the program `privet` on the `PATH`.
 */
export function findServer(setting: string, folders: readonly string[]): Server {
  if (setting.trim() !== "") return { command: setting.trim(), args: ["lsp", "--stdio"] };
  const modules = folders.map((folder) => join(folder, "node_modules/privet/dist/cli/main.js"));
  const module = modules.find((path) => existsSync(path));
  if (module !== undefined) return { module, args: ["lsp"] };
  return { command: process.platform === "win32" ? "privet.cmd" : "privet", args: ["lsp", "--stdio"] };
}
