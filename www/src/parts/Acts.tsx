import { useApp } from "../state/app.js";
import { text } from "../text/index.js";
import { copyText } from "./files.js";
import { Button } from "./ui.js";

/** Undo and redo, named by what they undo. */
export function UndoRedo() {
  const { undo, redo, workspace } = useApp();
  const name = (words: string, did: string | undefined, what: (did: string) => string) =>
    did === undefined ? words : what(did);
  const undoName = name(text.shell.undo, workspace.past.at(-1)?.did, text.shell.undoWhat);
  const redoName = name(text.shell.redo, workspace.future.at(-1)?.did, text.shell.redoWhat);
  return (
    <span class="flex" style={{ gap: 0 }}>
      <Button
        kind="icon quiet"
        icon="undo"
        aria-label={undoName}
        title={`${undoName} (z)`}
        disabled={!undo}
        onClick={undo}
        data-undo
      />
      <Button
        kind="icon quiet"
        icon="redo"
        aria-label={redoName}
        title={`${redoName} (Shift Z)`}
        disabled={!redo}
        onClick={redo}
      />
    </span>
  );
}

/** Copies a link that opens this question anywhere; where copying is not possible, the link goes to the address bar. */
export function CopyLink() {
  const { share, notify, say } = useApp();
  const copy = async () => {
    const link = await share();
    if (await copyText(link)) {
      notify({ words: text.shell.copied, tone: "gain" });
      return say(text.shell.copied);
    }
    history.replaceState(null, "", link.slice(link.indexOf("#")));
    notify({ words: text.shell.notCopied, tone: "loss" });
    say(text.shell.notCopied);
  };
  return (
    <Button kind="quiet hide-p" icon="link" onClick={() => void copy()}>
      {text.shell.copyLink}
    </Button>
  );
}
