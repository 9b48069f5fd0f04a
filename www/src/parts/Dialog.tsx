import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../text/index.js";
import { Button } from "./ui.js";

/** Asks before something is destroyed; the safe choice comes first and has the focus. */
export function Dialog({
  title,
  act,
  onAct,
  onClose,
  children,
}: {
  title: string;
  act: string;
  onAct: () => void;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="dialog" ref={dialog} aria-label={title} onClose={onClose}>
      <div>
        <h2>{title}</h2>
        {children}
      </div>
      <footer>
        <Button onClick={() => dialog.current?.close()}>{text.keep}</Button>
        <Button
          kind="danger"
          onClick={() => {
            dialog.current?.close();
            onAct();
          }}
        >
          {act}
        </Button>
      </footer>
    </dialog>
  );
}

/** Asks for a name, in place. */
export function Naming({
  label,
  value,
  onName,
  onClose,
}: {
  label: string;
  value: string;
  onName: (name: string) => void;
  onClose: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const done = () => {
    const name = input.current?.value.trim() ?? "";
    if (name !== "" && name !== value) onName(name);
    onClose();
  };
  return (
    <span class="field naming">
      <input
        ref={input}
        aria-label={label}
        defaultValue={value}
        maxLength={80}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") done();
          if (event.key === "Escape") onClose();
        }}
        onBlur={done}
      />
    </span>
  );
}
