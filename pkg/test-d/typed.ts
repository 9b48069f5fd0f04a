// A policy of a generated module: its ids compile, other ids do not.
import { createStore, open } from "privet";
import type {
  Change,
  Facts,
  Grants,
  OperationId,
  Pack,
  Policy,
  PrivilegeId,
  RoleId,
  Session,
  Store,
  Subject,
} from "privet";
import { read } from "privet/read";
import { studio } from "privet/studio";
import { ReasonsError, why, type Why } from "privet/why";
import contactPack, { operations, pack, type Schema as Contact } from "privet/policies/contact";
import { pack as dotdigitalPack, type Schema as Dotdigital } from "privet/policies/dotdigital";
import { operations as pages, pack as vicidialPack, type Schema as Vicidial } from "privet/policies/vicidial";
import { expect, type Equals } from "./equals.js";

const contact = open(pack);
const dotdigital = open(dotdigitalPack);
const vicidial = open(vicidialPack);
const session = vicidial.session();
const tools = await studio();

// ── packs and policies
expect<Equals<typeof contact, Policy<Contact>>>();
expect<Equals<typeof session, Session<Vicidial>>>();
expect<Equals<typeof contactPack, Pack<Contact>>>();
const bytes: Uint8Array = pack;
// @ts-expect-error a pack of another policy
const wrongPack: Pack<Dotdigital> = pack;
// @ts-expect-error a policy of another pack
const wrongPolicy: Policy<Dotdigital> = contact;
expect<Equals<ReturnType<typeof open<Contact>>, Policy<Contact>>>(); // with an explicit schema, for fetched bytes
open<Contact>(bytes).session().can("staff.users.capabilities");

// ── operations
expect<Equals<Parameters<Session<Vicidial>["can"]>[0], OperationId<Vicidial>>>();
expect<Equals<OperationId<Vicidial>, keyof typeof pages>>();
expect<Equals<OperationId<Vicidial>, (typeof pages)[keyof typeof pages]>>(); // the ids by themselves
expect<Equals<(typeof pages)["email-accounts.open"], "email-accounts.open">>();
expect<Equals<string extends OperationId<Vicidial> ? true : false, false>>();
session.can("email-accounts.open");
session.can(pages["email-accounts.open"]);
contact.session().can(operations["staff.users.capabilities"]);
session.canAny("email-accounts.open", "email-accounts.edit");
session.canHandle(vicidial.handle("email-accounts.open"));
// @ts-expect-error a misspelt operation
session.can("email-acounts.open");
// @ts-expect-error an operation of another policy
session.can("campaigns.send");
// @ts-expect-error an arbitrary string
session.can("email-accounts.open" as string);
// @ts-expect-error a misspelt operation
pages["email-acounts.open"];
// @ts-expect-error a misspelt operation
session.canAny("email-accounts.open", "email-acounts.edit");
// @ts-expect-error a misspelt operation
session.canAll("email-acounts.open");
// @ts-expect-error a misspelt operation
session.decide("email-acounts.open");
// @ts-expect-error a misspelt operation
vicidial.handle("email-acounts.open");
// @ts-expect-error a number is not a handle
session.canHandle(1);

// ── grants: the type of the value depends on the privilege
contact.session({
  roles: ["supervisor", { users: "modify" }],
  grants: {
    users: "view-only",
    "assign-roles": true,
    "service-numbers": ["can-allocate"],
    "override-default-automatic-logout-timeout": 30,
  },
  facts: { "flow-editor": null },
});
vicidial.session({ grants: { "modify-leads": "all-fields", "user-level": "9" }, facts: { "enable-drop-lists": 2 } });
dotdigital.session({ facts: { "account-level": "child", owner: true } });
// @ts-expect-error a misspelt privilege
contact.session({ grants: { user: "modify" } });
// @ts-expect-error an unknown level
contact.session({ grants: { users: "edit" } });
// @ts-expect-error a level is not a flag
contact.session({ grants: { users: true } });
// @ts-expect-error a flag is not a level
contact.session({ grants: { "assign-roles": "modify" } });
// @ts-expect-error a set is a list
contact.session({ grants: { "service-numbers": "can-allocate" } });
// @ts-expect-error an unknown option
contact.session({ grants: { "service-numbers": ["can-alocate"] } });
// @ts-expect-error a number is not a string
contact.session({ grants: { "override-default-automatic-logout-timeout": "30" } });
// @ts-expect-error an unknown option
vicidial.session({ grants: { "modify-leads": "some-fields" } });
// @ts-expect-error a level's id, not its rank
vicidial.session({ grants: { "user-level": 9 } });
// @ts-expect-error an operation is not a privilege
contact.session({ grants: { "staff.users.capabilities": true } });
// @ts-expect-error only changes accept `null`
contact.session({ grants: { "assign-roles": null } });
// @ts-expect-error a misspelt role
contact.session({ roles: ["superviser"] });
// @ts-expect-error an unknown level in an inline role
contact.session({ roles: [{ users: "edit" }] });
// @ts-expect-error a misspelt fact
contact.session({ facts: { "flow-editr": true } });
// @ts-expect-error a switch is not a string
contact.session({ facts: { "flow-editor": "on" } });
// @ts-expect-error an unknown option
dotdigital.session({ facts: { "account-level": "grandchild" } });
// @ts-expect-error an unknown property of a subject
contact.session({ grant: {} });
expect<Equals<Grants<Contact>["users"], "view-only" | "modify" | undefined>>();
expect<Equals<Grants<Contact>["assign-roles"], boolean | undefined>>();
expect<Equals<Grants<Contact>["override-default-automatic-logout-timeout"], number | undefined>>();
expect<Equals<Grants<Contact>["service-numbers"], readonly ("modify" | "can-allocate")[] | undefined>>();
expect<Equals<Facts<Dotdigital>["account-level"], "parent" | "child" | null | undefined>>();
expect<Equals<keyof Grants<Contact>, PrivilegeId<Contact>>>();
const known: Subject<Contact> = { grants: { users: "modify" } };
contact.session(known);

// ── changes
session.with({ set: { "modify-leads": null, "user-level": "8" }, facts: { "email-allowed": null } });
session.with({ roles: { add: ["manager"], remove: ["agent"] } });
// @ts-expect-error a misspelt privilege
session.with({ set: { "user-levl": "8" } });
// @ts-expect-error an unknown level
session.with({ set: { "user-level": "10" } });
// @ts-expect-error a misspelt fact
session.with({ facts: { "email-alowed": true } });
// @ts-expect-error a misspelt role
session.with({ roles: { add: ["manger"] } });
// @ts-expect-error `grants` is a property of subjects
session.with({ grants: {} });
const change: Change<Vicidial> = { set: { "user-level": "1" } };
session.with(change);

// ── results
expect<Equals<ReturnType<typeof session.allowed>, readonly OperationId<Vicidial>[]>>();
for (const operation of session.allowed()) session.can(operation);
const held = contact.session().holds("users");
expect<Equals<typeof held.granted, "view-only" | "modify" | "undecided" | undefined>>();
// @ts-expect-error a misspelt privilege
contact.session().holds("user");
const { decision, obligations } = dotdigital.session().decide("campaigns.send");
expect<Equals<typeof obligations, readonly "awaits-approval"[]>>();
if (decision === "allowed" && obligations.includes("awaits-approval")) bytes.fill(0);
// @ts-expect-error not a decision
if (decision === "forbidden") bytes.fill(0);
expect<Equals<Parameters<Session<Vicidial>["verbs"]>[0], Vicidial["menu"]>>();
session.verbs("email-accounts").has("delete");
// @ts-expect-error a misspelt menu item
session.verbs("email-acounts");
// @ts-expect-error a misspelt verb
session.verbs("email-accounts").has("remove");
const [item] = session.menu();
if (item) session.verbs(item.id).names satisfies readonly ("add" | "copy" | "edit" | "delete" | "import" | "export")[];
for (const { operation, obligation } of dotdigital.session().diff(dotdigital.session()).obligations.added) {
  expect<Equals<typeof operation, OperationId<Dotdigital>>>();
  expect<Equals<typeof obligation, "awaits-approval">>();
}
// @ts-expect-error sessions of different policies cannot be compared
session.diff(contact.session());
// @ts-expect-error results are read-only
session.allowed().push("email-accounts.open");

// ── tokens, snapshots, a store
vicidial.restore(session.token(), { "email-allowed": true }) satisfies Session<Vicidial>;
// @ts-expect-error a misspelt fact
vicidial.restore(session.token(), { "email-alowed": true });
const reading = read<Vicidial>(session.snapshot());
reading.can("email-accounts.open");
// @ts-expect-error a misspelt operation
reading.can("email-acounts.open");
const store = createStore(session);
expect<Equals<typeof store, Store<Vicidial>>>();
store.get().can("email-accounts.open");
// @ts-expect-error a session of another policy
store.set(contact.session());

// ── the studio
expect<Equals<ReturnType<typeof tools.explain<Contact>>["facts"], readonly "flow-editor"[]>>();
tools.explain(session, "email-accounts.open").obligations satisfies readonly never[];
// @ts-expect-error an operation of another policy
tools.explain(session, "campaigns.send");
// @ts-expect-error a misspelt operation
tools.explain(session, "email-acounts.open");
tools.review(vicidial, { actor: session, before: { grants: { "user-level": "7" } }, after: {}, kind: "delete" })
  .allowed satisfies "yes" | "no" | "unknown";
// @ts-expect-error an unknown level
tools.review(vicidial, { actor: session, before: { grants: { "user-level": "10" } }, after: {} });
// @ts-expect-error this kind follows from the difference
tools.review(vicidial, { actor: session, before: {}, after: {}, kind: "result" });
// @ts-expect-error a session of another policy
tools.review(vicidial, { actor: contact.session(), before: {}, after: {} });
tools.guide(session, "inbound-email").map(({ state, waitsFor }) => [state, ...waitsFor]);
tools.guide({ agent: session }, "inbound-email");
// @ts-expect-error a misspelt guide
tools.guide(session, "inbound-emial");
for (const { id, menu } of tools.describe(vicidial).operations) {
  session.can(id);
  for (const path of menu) for (const step of path) session.verbs(step.id);
}

// ── why
const reason = why(session, "email-accounts.open");
expect<Equals<typeof reason, Why<Vicidial>>>();
expect<Equals<typeof reason.decision, "allowed" | "denied" | "undecided">>();
expect<Equals<typeof reason.sentence, string>>();
for (const { through = [], system } of reason.reasons) {
  expect<Equals<typeof system, true | undefined>>();
  for (const giver of through) if (giver.by === "role") expect<Equals<typeof giver.role, RoleId<Vicidial>>>();
}
why(vicidial.session().under({ "email-allowed": true }), pages["email-accounts.open"]);
// @ts-expect-error a misspelt operation
why(session, "email-acounts.open");
// @ts-expect-error an operation of another policy
why(session, "campaigns.send");
// @ts-expect-error a policy is no session
why(vicidial, "email-accounts.open");
// @ts-expect-error answers are read-only
reason.sentence = "";
const { code } = new ReasonsError("reasons-missing", "");
expect<Equals<typeof code, "reasons-missing" | "reasons-invalid">>();

// ── a typed policy is assignable to the untyped policy
const policies: readonly Policy[] = [contact, dotdigital, vicidial];
const anySession: Session = session;
anySession.can("email-accounts.open" as string);
const anySubject: Subject = known;
policies[0]?.session(anySubject);
// @ts-expect-error the reverse is not assignable
const typedAgain: Session<Vicidial> = anySession;
export { typedAgain, wrongPack, wrongPolicy };
