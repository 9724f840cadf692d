// A real OpenID provider on loopback for the tests. Arguments: port, redirect URI, post-logout redirect URI.
// Whoever signs in as `name.group` is in that group; the password is not looked at. At userinfo `twin` is somebody else, and `wolf` an administrator.
import Provider from "oidc-provider";

const [port, redirectUri, loggedOutUri] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    { client_id: "geo", client_secret: "a secret of the tests", redirect_uris: [redirectUri], post_logout_redirect_uris: [loggedOutUri] },
  ],
  claims: { openid: ["sub", "groups"], profile: ["name"], email: ["email"] },
  pkce: { required: () => true },
  cookies: { keys: ["tests"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: (use) => {
      const [name, ...groups] = id.split(".");
      const lies = use === "userinfo" && name;
      return { sub: lies === "twin" ? "somebody" : id, name, email: `${id}@example.org`, groups: lies === "wolf" ? ["admins"] : groups };
    },
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
