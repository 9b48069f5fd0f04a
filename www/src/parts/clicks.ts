/** The control that is clicked. What a label holds is one with it: a click on the label clicks that as well. */
function control({ target }: Event): Element | null {
  if (!(target instanceof Element)) return null;
  return target.closest("label") ?? target.closest("button, a, input, [role=option]");
}

/**
 * Leaves out the second click of a double click where the first one has put another control below the pointer: it was meant for what was
 * there before.
 */
export function guardDoubleClicks(): void {
  let first: Element | null = null;
  const onClick = (event: MouseEvent) => {
    if (event.detail < 2) first = control(event);
    else if (control(event) !== first) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  addEventListener("click", onClick, { capture: true });
}
