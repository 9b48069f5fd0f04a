// What nginx's `auth_request` asks: it knows only statuses, so a decision becomes 204 or 403. See nginx.conf.
//   X-Original-Method, X-Original-URI    the request that waits; X-User    the person, as the gateway authenticated them

/** The action of each method. Others are refused. */
const actions = {
  GET: { name: "read" },
  PUT: { name: "write" },
  DELETE: { name: "delete", properties: { soft: false } },
};

/**
 * A fetch handler that asks the handler of a decision point. Whatever is not a clear `true` is 403.
 * The path is read as it was sent and must be plain: what is encoded could be another path for the service behind.
 */
export const gateway = (pdp) => async (request) => {
  const header = (name) => request.headers.get(name) ?? "";
  const user = header("x-user");
  if (!user) return new Response(null, { status: 401 });
  const [, id] = /^\/records\/([\w-]+)(?:\?.*)?$/.exec(header("x-original-uri")) ?? [];
  const action = Object.hasOwn(actions, header("x-original-method")) ? actions[header("x-original-method")] : undefined;
  if (!id || !action) return new Response(null, { status: 403 });
  const asked = { subject: { type: "user", id: user }, action, resource: { type: "record", id } };
  const response = await pdp(
    new Request("https://pdp.example/access/v1/evaluation", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    }),
  );
  const { decision, context } = response.ok ? await response.json() : {};
  // nginx cannot fulfil obligations, so an operation that owes any is refused
  const allowed = decision === true && !context?.obligations;
  return new Response(null, { status: allowed ? 204 : 403 });
};
