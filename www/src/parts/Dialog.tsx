import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../text/index.js";
import { afterDrawing } from "./focus.js";
import { Button } from "./ui.js";

/**
 * A modal dialog, open as long as it is drawn; then the focus is where it was. `onClose` is called at once where the user closes it: a
 * browser tells of a closed dialog only later, when the same one may be open again.
 */
export function Modal({
  label,
  kind = "",
  onClose,
  onKeyDown,
  children,
}: {
  label: string;
  kind?: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = useRef(true);
  const close = () => {
    if (isOpen.current) onClose();
    isOpen.current = false;
  };
  // Before another key can be pressed: one that follows at once belongs to the dialog
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      isOpen.current = false;
      shown?.close();
    };
  }, []);
  return (
    <dialog
      class={`dialog ${kind}`}
      ref={dialog}
      aria-label={label}
      onClose={close}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        onKeyDown?.(event);
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        close();
      }}
    >
      {children}
    </dialog>
  );
}

/** The number of the present opening of a dialog, as its `key`: one that is opened again is a new one. 0 where it is closed. */
export function useOpening(): { readonly opening: number; open(): void; close(): void } {
  const [opening, setOpening] = useState(0);
  const last = useRef(0);
  return { opening, open: () => setOpening(++last.current), close: () => setOpening(0) };
}

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
  return (
    <Modal label={title} onClose={onClose}>
      <div>
        <h2>{title}</h2>
        {children}
      </div>
      <footer>
        <Button onClick={onClose}>{text.keep}</Button>
        <Button
          kind="danger"
          onClick={() => {
            onClose();
            onAct();
          }}
        >
          {act}
        </Button>
      </footer>
    </Modal>
  );
}

/** Asks for a name, in place. Then the focus is again where it came from. */
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
  const isClosed = useRef(false);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const close = (isNamed: boolean, goesBack: boolean) => {
    if (isClosed.current) return; // a field that goes away loses the focus as well
    isClosed.current = true;
    const name = input.current?.value.trim() ?? "";
    const place = input.current?.parentElement?.parentElement;
    if (isNamed && name !== "" && name !== value) onName(name);
    onClose();
    // What opened the field may have been drawn again in its place
    if (goesBack) afterDrawing(() => place?.querySelector<HTMLElement>("button"));
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
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault(); // else Enter would press the button that has the focus then
          close(event.key === "Enter", true);
        }}
        onBlur={() => close(true, false)}
      />
    </span>
  );
}
