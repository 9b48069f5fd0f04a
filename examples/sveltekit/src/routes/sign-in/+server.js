// Signs a person of this example in, or out. An application asks for a password, or its identity provider does.
import { redirect } from "@sveltejs/kit";
import { people, tokenOf } from "$lib/server/sign.js";

export async function GET({ cookies, url }) {
  const person = url.searchParams.get("person");
  if (person && Object.hasOwn(people, person))
    cookies.set("token", await tokenOf(person), { path: "/", secure: false });
  else cookies.delete("token", { path: "/" });
  redirect(303, "/");
}
