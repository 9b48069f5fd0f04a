// Compiles a document for a bundler: its module, its declarations, the files that it reads, and its diagnostics with carets.
import { dirname, join, relative } from "node:path";
import { open } from "privet";
import { PolicyError, studio, type Diagnostic, type Studio } from "privet/studio";
import { readSource, type Source } from "../cli/documents/source.js";
import { Fault } from "../cli/faults.js";
import { moduleOf, type ModuleOptions } from "../cli/module.js";
import { printable } from "../cli/terminal.js";

/** A compiled document. */
export interface CompiledModule {
  readonly js: string;
  readonly dts: string;
  /** The paths of the included files. */
  readonly files: readonly string[];
  /** The warnings, as a compiler prints them; empty without warnings. */
  readonly warnings: string;
}

/** A document that does not compile. */
export class CompileError extends Error {
  constructor(
    message: string,
    /** The file with the first error, its line from 1 and its column from 0. */
    readonly place: { readonly file: string; readonly line: number; readonly column: number },
    readonly files: readonly string[],
  ) {
    super(message);
    this.name = "CompileError";
  }
}

/** How a document is compiled. */
export interface CompileOptions {
  /** Whether the pack is without its document and reasons: it decides, and explains nothing. */
  readonly strip: boolean;
  /** Whether its declarations register it as the policy of the application. */
  readonly register: boolean;
  readonly hot?: ModuleOptions["hot"];
}

/**
 * Compiles the document at a path.
 *
 * @throws CompileError for a document that does not compile, or cannot be read.
 */
export async function compileFile(path: string, { strip, register, hot }: CompileOptions): Promise<CompiledModule> {
  const tools = await studio();
  const source = sourceAt(path);
  const files = Object.keys(source.files).map((name) => join(dirname(path), name));
  try {
    const pack = tools.compile(source.text, { files: source.files });
    const described = tools.describe(open(pack));
    const { js, dts } = moduleOf(described, strip ? tools.strip(pack) : pack, { isOpened: true, register, hot });
    const warnings = rendered(tools, source, tools.check(source.text, { files: source.files }));
    return { js, dts, files, warnings };
  } catch (thrown) {
    if (!(thrown instanceof PolicyError)) throw thrown;
    const errors = thrown.diagnostics.filter(({ severity }) => severity === "error");
    const { span, file } = errors[0] ?? {};
    const place = {
      file: file === undefined ? path : join(dirname(path), file),
      line: span?.line ?? 1,
      column: (span?.column ?? 1) - 1,
    };
    const [first] = errors;
    const why = `the policy does not compile: ${printable(first?.message ?? "")}`;
    throw new CompileError(`${why}\n\n${rendered(tools, source, errors)}`, place, files);
  }
}

function sourceAt(path: string): Source {
  try {
    const source = readSource(path);
    if (source.kind === "document") return source;
    throw new Fault("the file is a pack; import its document");
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    throw new CompileError(thrown.message, { file: path, line: 1, column: 0 }, []);
  }
}

/** Diagnostics as a compiler prints them, with the path relative to where the bundler runs. */
function rendered(tools: Studio, source: Source, diagnostics: readonly Diagnostic[]): string {
  const name = relative(process.cwd(), source.path);
  return printable(tools.render(diagnostics, source.text, { files: source.files }))
    .replaceAll(/^( +--> )(?=\d)/gm, `$1${name}:`)
    .trim();
}
