// `privet completion`: what shells complete, from the declarations of the commands.
import type { Command } from "commander";
import { write } from "../command.js";
import { EXIT, Fault } from "../faults.js";

interface Described {
  readonly name: string;
  readonly description: string;
  readonly options: readonly { readonly flag: string; readonly description: string }[];
}

/** Declares `completion`. */
export function completion(program: Command): void {
  program
    .command("completion")
    .description("print the completion for a shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      "\nExamples:\n  $ privet completion bash >> ~/.bashrc\n  $ privet completion zsh > ~/.zfunc/_privet\n  $ privet completion fish > ~/.config/fish/completions/privet.fish",
    )
    .action((shell: string) => {
      const script = { bash, zsh, fish }[shell];
      if (!script) throw new Fault(`\`${shell}\` is no shell that is known; give bash, zsh or fish`);
      write(script(program.commands.map(describe)));
      process.exitCode = EXIT.ok;
    });
}

function describe(command: Command): Described {
  const options = command.options.flatMap(({ long, description }) => (long ? [{ flag: long, description }] : []));
  return {
    name: command.name(),
    description: command.description(),
    options: [...options, { flag: "--help", description: "print the help" }],
  };
}

function bash(commands: readonly Described[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) words="${options.map(({ flag }) => flag).join(" ")}" ;;`,
  );
  return `# Completion of privet for bash
_privet() {
  local current=\${COMP_WORDS[COMP_CWORD]} words
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join("\n")}
    *) words= ;;
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -F _privet privet
`;
}

const quoted = (text: string) => text.replace(/'/g, "'\\''");

function zsh(commands: readonly Described[]): string {
  const bracketed = (text: string) => quoted(text).replace(/([[\]:])/g, "\\$1");
  const cases = commands.map(({ name, options }) => {
    const specs = options.map(({ flag, description }) => `'${flag}[${bracketed(description)}]'`);
    return `    ${name}) _arguments ${specs.join(" ")} '*:file:_files' ;;`;
  });
  const list = commands.map(({ name, description }) => `'${name}:${bracketed(description)}'`);
  return `#compdef privet
_privet() {
  local -a commands
  commands=(${list.join(" ")})
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = "_privet" ]; then _privet "$@"; else compdef _privet privet; fi
`;
}

function fish(commands: readonly Described[]): string {
  const lines = commands.flatMap(({ name, description, options }) => [
    `complete -c privet -n __fish_use_subcommand -f -a ${name} -d '${fishQuoted(description)}'`,
    ...options.map(
      ({ flag, description }) =>
        `complete -c privet -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)} -d '${fishQuoted(description)}'`,
    ),
  ]);
  return `# Completion of privet for fish\n${lines.join("\n")}\n`;
}

const fishQuoted = (text: string) => text.replace(/([\\'])/g, "\\$1");
