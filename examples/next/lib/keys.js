// The key of this example, which everybody can read: an application has its own, or asks its identity provider.
export const privateJwk = {
  kty: "EC",
  crv: "P-256",
  x: "eJthGTns2958WiNDkK95YMQDibWbyN66cqbc5jA1Wgk",
  y: "GP1dN6LyJ0Vssi0JA9UuNG3j-Z-8F4aSq1jjCMmWojo",
  d: "gH8wZxjCJcj5VaVPBp0PrbBiSot_cEgjmNtxGbXkUuQ",
};
const { d: _, ...publicJwk } = privateJwk;
export { publicJwk };
export const issuer = "https://issuer.example";
export const audience = "https://app.example";
