/** The most frames that the focus waits for its target, such as a view that is being loaded. */
const FRAMES = 300;

/**
 * Moves the focus to an element of the page as it is once the changes made so far have been drawn. Where the element comes later it
 * waits for it, unless the focus has gone elsewhere in the meantime.
 */
export function afterDrawing(find: () => HTMLElement | null | undefined): void {
  const move = (from: Element | null, frames: number) => {
    const target = find();
    if (target) return target.focus();
    const now = document.activeElement;
    if (frames > 0 && (now === from || now === document.body)) requestAnimationFrame(() => move(from, frames - 1));
  };
  // Preact draws in a microtask, which is queued before this one
  queueMicrotask(() => move(document.activeElement, FRAMES));
}
