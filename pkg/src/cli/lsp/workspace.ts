// The policies of a workspace: to which policy a file belongs, and which tests are about it.
import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";
import type { Studio } from "privet/studio";
import { includedNames } from "../documents/source.js";
import { isObject } from "../jsonc.js";
import { ENDING } from "../policy-tests/file.js";
import { documentOf } from "../policy-tests/run.js";
import { pathOf, type Files } from "./files.js";
import { Project } from "./project.js";

/** The ending of policy documents that are found without being opened. */
const POLICY = ".privet.jsonc";

/** Whether a file has policy tests. */
export const isTests = (uri: string): boolean => uri.endsWith(ENDING);

/** All policies that were asked for. */
export class Workspace {
  readonly files: Files;
  readonly tools: Studio;
  /** The folders that the editor has open. */
  folders: readonly string[] = [];
  readonly #projects = new Map<string, Project>();
  /** The document that includes a file, by the URI of the file: itself where none does. */
  readonly #roots = new Map<string, string>();

  constructor(files: Files, tools: Studio) {
    this.files = files;
    this.tools = tools;
  }

  /** Forgets which documents include which files. */
  forgetRoots(): void {
    this.#roots.clear();
  }

  /** The policy of a document, an included file, or a file of tests; `undefined` for tests without a policy. */
  projectOf(uri: string): Project | undefined {
    const root = isTests(uri) ? this.#policyOf(uri) : this.#rootOf(uri);
    if (root === undefined) return undefined;
    const project = this.#projects.get(root) ?? new Project(root, this.files, this.tools);
    this.#projects.set(root, project);
    project.refresh();
    return project;
  }

  /** Forgets a policy. */
  close(project: Project): void {
    this.#projects.delete(project.uri);
  }

  /** The policies that are open, and those that can be found in the folders of the workspace. */
  all(): Project[] {
    const found = this.folders.flatMap((folder) => this.files.below(folder, POLICY));
    const uris = new Set([...this.#projects.keys(), ...found.map((path) => this.files.uriOf(path))]);
    return [...new Set([...uris].flatMap((uri) => this.projectOf(uri) ?? []))];
  }

  /** The URIs of the tests about a policy, in its folder and below and in the folders of the workspace. */
  testsOf(project: Project): string[] {
    const path = pathOf(project.uri);
    if (path === undefined) return [];
    const folders = new Set([dirname(path), ...this.folders.filter((folder) => path.startsWith(folder))]);
    const found = [...folders].flatMap((folder) => this.files.below(folder, ENDING));
    const uris = new Set(found.map((one) => this.files.uriOf(one)));
    return [...uris].filter((uri) => this.#policyOf(uri) === project.uri);
  }

  #policyOf(uri: string): string | undefined {
    const path = pathOf(uri);
    const tests = parsed(this.files.get(uri)?.getText());
    const { policy } = isObject(tests) ? tests : {};
    try {
      return path === undefined
        ? undefined
        : this.files.uriOf(documentOf(path, typeof policy === "string" ? { policy } : {}));
    } catch {
      return undefined; // no document beside it
    }
  }

  #rootOf(uri: string): string {
    const root = this.#roots.get(uri) ?? this.#findRoot(uri);
    this.#roots.set(uri, root);
    return root;
  }

  #findRoot(uri: string): string {
    const path = pathOf(uri);
    if (path === undefined || includedNames(this.files.get(uri)?.getText() ?? "").length > 0) return uri;
    const candidates = this.files.beside(path, this.folders);
    const root = candidates.find((candidate) => {
      if (isTests(candidate)) return false;
      const names = includedNames(this.files.get(this.files.uriOf(candidate))?.getText() ?? "");
      return names.some((name) => join(dirname(candidate), name) === path);
    });
    return root === undefined ? uri : this.files.uriOf(root);
  }
}

const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : parse(text));
