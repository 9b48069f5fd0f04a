import { useEffect, useState } from "preact/hooks";
import { useApp } from "../state/app.js";
import { text } from "../text/index.js";
import { Button, Mark } from "./ui.js";

/** Milliseconds that a toast stays. */
const STAYS = 6000;

/** What has just happened, with Undo; it stays while it is pointed at or focused. */
export function ToastView() {
  const { toast, notify, undo } = useApp();
  const [held, setHeld] = useState(false);
  useEffect(() => setHeld(false), [toast]); // what goes away tells of no pointer that leaves it
  useEffect(() => {
    if (!toast || held || toast.tone === "loss") return;
    const timer = setTimeout(() => notify(undefined), STAYS);
    return () => clearTimeout(timer);
  }, [toast, held]);
  return (
    <div class="toasts" role={toast?.tone === "loss" ? "alert" : undefined}>
      {toast && (
        <div
          class="toast"
          data-toast
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocusCapture={() => setHeld(true)}
          onBlurCapture={() => setHeld(false)}
        >
          <Mark tone={toast.tone} icon={toast.tone === "loss" ? "x" : "check"} />
          <span class="grow">{toast.words}</span>
          {toast.undo && undo && (
            <Button kind="sm" onClick={undo}>
              {text.shell.undo}
            </Button>
          )}
          <Button kind="icon sm quiet" icon="x" aria-label={text.close} onClick={() => notify(undefined)} />
        </div>
      )}
    </div>
  );
}
