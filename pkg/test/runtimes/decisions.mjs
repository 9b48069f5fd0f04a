// All decisions of sessions in the format of the server example, so that the results of two runtimes can be compared as text.
import { open } from "privet";
import { pack as contact } from "privet/policies/contact";
import { pack as dotdigital } from "privet/policies/dotdigital";
import { pack as vicidial } from "privet/policies/vicidial";

const policies = { contact: open(contact), dotdigital: open(dotdigital), vicidial: open(vicidial) };
const flat = (items) => items.flatMap((item) => [item, ...flat(item.children)]);

/** The decisions of people, each `{ policy, token, facts }`. */
export const decide = (people) =>
  people.map(({ policy: id, token, facts }) => {
    const session = policies[id].restore(token, facts);
    const decisions = policies[id].operations.map((operation) => {
      const { decision, obligations } = session.decide(operation);
      return [operation, decision, obligations];
    });
    return JSON.stringify({
      decisions,
      menu: flat(session.menu()).map(({ id, state, operations }) => [id, state, operations]),
    });
  });
