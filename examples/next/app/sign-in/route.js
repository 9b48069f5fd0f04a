// Signs a person of this example in, or out. An application asks for a password, or its identity provider does.
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { people, tokenOf } from "../../lib/sign.js";

export async function GET(request) {
  const person = new URL(request.url).searchParams.get("person");
  const jar = await cookies();
  if (person && Object.hasOwn(people, person))
    jar.set("token", await tokenOf(person), { httpOnly: true, sameSite: "lax", path: "/" });
  else jar.delete("token");
  redirect("/");
}
