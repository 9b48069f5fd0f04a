// Puts many mutants into one build. A function with mutants gets a copy of its body for each of them, and a number, read once from the environment, says
// which copy runs:
//
//   fn less(a: u32, b: u32) -> bool { match crate::mutant::active(7) {
//   31 => { true }
//   32 => { a <= b }
//   _ => { a < b }
//   } }
//
// A copy is the text that cargo-mutants would make of the body, so that what is tested is its mutant. Constants, `const fn` and functions that return
// an `impl` type cannot be chosen so (copies have different types): they are `alone`, in a build of their own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { groupBy, root, writeSources } from "./tree.mjs";

/** What reads the number of the mutant, and records which functions a test reaches. The numbers of functions are below this. */
const FUNCTIONS = 4096;
const SWITCH = `
#[doc(hidden)]
pub mod mutant {
    use std::{env, fs, io::Write, sync::{LazyLock, atomic::{AtomicBool, Ordering::Relaxed}}};
    static NUMBER: LazyLock<u32> = LazyLock::new(|| env::var("PRIVET_MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(0));
    static REACHED: LazyLock<Option<String>> = LazyLock::new(|| env::var("PRIVET_REACHED").ok());
    static SEEN: [AtomicBool; ${FUNCTIONS}] = [const { AtomicBool::new(false) }; ${FUNCTIONS}];
    #[inline]
    pub fn active(function: usize) -> u32 {
        let number = *NUMBER;
        if number == 0 { reach(function) }
        number
    }
    fn reach(function: usize) {
        if SEEN[function].load(Relaxed) || SEEN[function].swap(true, Relaxed) { return }
        let Some(file) = &*REACHED else { return };
        let mut file = fs::OpenOptions::new().create(true).append(true).open(file).expect("a file");
        file.write_all(format!("{function}\\n").as_bytes()).expect("a line");
    }
}
`;
const ALLOWED = "#![allow(warnings, clippy::all, arithmetic_overflow, unconditional_panic, overflowing_literals)]\n";

/** Where a position (line and column, from 1) is in the text. */
function offsets(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return ({ line, column }) => starts[line - 1] + column - 1;
}

/** Where the body of a function begins, whose comments and attributes begin here: at the first brace outside of brackets, comments and strings. */
function bodyStart(text, at) {
  let depth = 0;
  const token = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"|[([{\])]/gs;
  token.lastIndex = at;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if (found[0] === "{" && depth === 0) return found.index;
    if ("([".includes(found[0])) depth++;
    else if (")]".includes(found[0])) depth--;
  }
  throw new Error(`no body: ${text.slice(at, at + 80)}`);
}

const source = (file) => readFileSync(join(root, file), "utf8");

/** Whether a mutant needs a build of its own. */
export function isAlone({ file, within }) {
  if (!within || /\bimpl\b/.test(within.return_type)) return true;
  const text = source(file);
  const start = offsets(text)(within.span.start);
  return /\bconst (unsafe )?fn\b/.test(text.slice(start, bodyStart(text, start)));
}

/** Writes one mutant into the tree, and no other. */
export function writeAlone({ file, span, replacement }) {
  const text = source(file);
  const at = offsets(text);
  writeSources(library(new Map([[file, text.slice(0, at(span.start)) + replacement + text.slice(at(span.end))]])));
}

/** Adds to the changed files what reads the number of the mutant. */
function library(files) {
  const file = "src/lib.rs";
  return files.set(file, ALLOWED + (files.get(file) ?? source(file)) + SWITCH);
}

/** The outermost functions of a file that contain mutants, in the order of the text. */
function functions(mutants, at) {
  const found = [];
  const all = mutants
    .map((mutant) => ({ start: at(mutant.within.span.start), end: at(mutant.within.span.end), mutant }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { start, end, mutant } of all) {
    const last = found.at(-1);
    if (last && start < last.end) last.mutants.push(mutant);
    else found.push({ start, end, mutants: [mutant] });
  }
  return found;
}

/**
 * Writes all of these mutants, which have numbers from 1, into the tree. Returns the number of each one's function, and which mutant stands at a
 * line of a file.
 */
export function writeSchema(mutants) {
  const [functionOf, copies, texts] = [new Map(), new Map(), new Map()];
  let count = 0;
  for (const [file, ofFile] of groupBy(mutants, ({ file }) => file)) {
    const text = source(file);
    const at = offsets(text);
    const lines = [];
    let [out, line, end] = ["", 1, 0];
    const add = (part) => {
      out += part;
      line += part.split("\n").length - 1;
    };
    for (const one of functions(ofFile, at)) {
      const body = bodyStart(text, one.start);
      count++;
      add(`${text.slice(end, body)}{ match crate::mutant::active(${count}) {\n`);
      for (const { number, span, replacement } of one.mutants) {
        functionOf.set(number, count);
        const from = line;
        add(
          `${number} => {${text.slice(body + 1, at(span.start))}${replacement}${text.slice(at(span.end), one.end - 1)}\n}\n`,
        );
        lines.push({ from, to: line, number });
      }
      add(`_ => ${text.slice(body, one.end)}\n} }`);
      end = one.end;
    }
    add(text.slice(end));
    texts.set(file, out);
    copies.set(file, lines);
  }
  if (count >= FUNCTIONS) throw new Error(`too many functions for one build: ${count}`);
  writeSources(library(texts));
  const mutantAt = (file, line) => copies.get(file)?.find(({ from, to }) => from <= line && line < to)?.number;
  return { functionOf, mutantAt };
}
