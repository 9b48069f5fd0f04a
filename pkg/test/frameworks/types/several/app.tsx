// An app with two policies: a factory for each. Without `Register`, ids are strings.
import { open } from "privet";
import type { AnySchema, RegisteredSchema } from "privet";
import { pack, type Schema as Contact } from "privet/policies/contact";
import { pack as vicidialPack } from "privet/policies/vicidial";
import { createPrivet as createAngular } from "privet/angular";
import { createPrivet, useCan } from "privet/react";
import { createPrivet as createSolid } from "privet/solid";
import { createPrivet as createSvelte } from "privet/svelte";
import { createPrivet as createVue } from "privet/vue";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const expect = <_ extends true>() => {};

expect<Equals<RegisteredSchema, AnySchema>>();
useCan("anything");
const contact = open(pack);
const vicidial = open(vicidialPack);
const one = createPrivet(contact);
const other = createPrivet(vicidial);
one.useCan("item.reports.view");
other.useCan("email-accounts.open");
// @ts-expect-error an operation of the other policy
other.useCan("item.reports.view");
createPrivet<Contact>().useCan("item.reports.view");
export const page = (
  <one.PrivetProvider session={contact.session()}>
    <one.Can do="item.reports.view">reports</one.Can>
    {/* @ts-expect-error an operation of the other policy */}
    <one.Can do="email-accounts.open">accounts</one.Can>
  </one.PrivetProvider>
);
// @ts-expect-error a session of the other policy
export const wrong = <one.PrivetProvider session={vicidial.session()} />;
// @ts-expect-error an unknown operation
createVue(contact).useCan("email-accounts.open");
// @ts-expect-error an unknown operation
createSolid(contact).useCan("email-accounts.open");
// @ts-expect-error an unknown operation
createSvelte(contact).usePrivet().can("email-accounts.open");
// @ts-expect-error an unknown operation
createAngular(contact).injectCan("email-accounts.open");
