// What `privet/edge` answers to the requests of guard.json.

/** `{ status, code }` for each case; 200 has no code. */
export function answersOf({ guard, ProblemError }, key, { pack, issuer, audience, algorithm, cases }) {
  const answer = async ({ authorization, operation, facts, discharges }) => {
    const guarded = guard({
      policies: [Uint8Array.from(Buffer.from(pack, "base64"))],
      issuer,
      audience,
      keys: key,
      algorithms: [algorithm],
      facts: async () => facts,
      revoked: async ({ sub }) => sub === "mallory",
      onProblem: () => {},
    });
    const headers = new Headers(authorization.map((value) => ["authorization", value]));
    try {
      await guarded.require(new Request("https://api.shop.example/", { headers }), operation, { discharges });
      return { status: 200 };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { title, detail } = await error.response().json();
      return {
        status: error.status,
        code: error.code,
        title,
        detail,
        challenge: error.response().headers.get("www-authenticate"),
      };
    }
  };
  return Promise.all(cases.map(answer));
}
