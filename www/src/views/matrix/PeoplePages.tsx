import { Button, SearchField } from "../../parts/ui.js";
import { text } from "../../text/index.js";
import { PEOPLE, type PeoplePage } from "./columns.js";

/** Which people have columns: where there are more than fit, they are found by name, or page by page. */
export function PeoplePages({ people }: { people: PeoplePage }) {
  const { from, total, search, columns } = people;
  if (total <= PEOPLE && search === "") return null;
  return (
    <div class="flex wrap" data-people-pages>
      <span class="grow">
        <SearchField label={text.matrix.findPeople} value={search} onSearch={people.find} />
      </span>
      <span class="s" role="status">
        {text.matrix.page(total === 0 ? 0 : from + 1, from + columns.length, total)}
      </span>
      <Button kind="sm" disabled={from === 0} onClick={() => people.move(Math.max(0, from - PEOPLE))}>
        {text.matrix.previous}
      </Button>
      <Button kind="sm" disabled={from + PEOPLE >= total} onClick={() => people.move(from + PEOPLE)}>
        {text.matrix.next}
      </Button>
    </div>
  );
}
