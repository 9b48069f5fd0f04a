import { Component } from "preact";
import type { ComponentChild } from "preact";

interface Props<T extends object> {
  readonly data: T;
  /** Uses nothing else that changes, except through refs. */
  readonly draw: (data: T) => ComponentChild;
}

/** What is drawn of plain data, and drawn again only where they differ: a change draws the whole page, but most rows stay as they are. */
export class Drawn<T extends object> extends Component<Props<T>> {
  override shouldComponentUpdate({ data }: Props<T>): boolean {
    return JSON.stringify(data) !== JSON.stringify(this.props.data);
  }
  override render({ data, draw }: Props<T>): ComponentChild {
    return draw(data);
  }
}
