import { useApp } from "../state/app.js";
import type { Person } from "../state/types.js";
import { Avatar, LinkButton } from "./ui.js";

/** A person of a list, with a link to what they see. */
export function PersonLink({ person }: { person: Person }) {
  const { ask } = useApp();
  return (
    <>
      <Avatar name={person.name} />
      <LinkButton plain onClick={() => ask({ view: "person", who: person.id })}>
        {person.name}
      </LinkButton>
    </>
  );
}
