// A provider of OpenID Connect (oidc-provider) for the tests of signing in. Only its sign-in form
// is replaced: whoever the test named last is there. Arguments: the package, where to come back to.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [, , library, back] = process.argv;
const { default: Provider } = await import(pathToFileURL(library));
const people = new Map();
let present = null;

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
    clients: [{ client_id: 'wijzer', client_secret: 'een geheim van de test', redirect_uris: [back] }],
    cookies: { keys: ['test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/someone/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => people.get(sub) }),
    loadExistingGrant: async (ctx) => {
        const { client, session, provider: here } = ctx.oidc;
        const grant = new here.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
    },
});
const callback = provider.callback();

server.on('request', async (request, response) => {
    if (request.url === '/present') {
        let text = '';
        for await (const part of request) text += part;
        present = JSON.parse(text);
        if (present) people.set(present.sub, present);
        response.end();
    } else if (request.url.startsWith('/someone/')) {
        const result = present ? { login: { accountId: present.sub } } : { error: 'access_denied' };
        await provider.interactionFinished(request, response, result);
    } else {
        callback(request, response);
    }
});
console.log(issuer);
