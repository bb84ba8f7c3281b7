// A small server of another make: what it receives it tells, what it is asked to do it sends.
import { createServer } from "node:http";
import { Temporal } from "@js-temporal/polyfill";
import {
  Accept,
  Activity,
  Create,
  createFederation,
  Delete,
  Follow,
  generateCryptoKeyPair,
  Like,
  MemoryKvStore,
  Note,
  Person,
  PUBLIC_COLLECTION,
  Tombstone,
  Undo,
  Update,
} from "@fedify/fedify";

const [port, firstKnock] = process.argv.slice(2);
const base = new URL(`http://127.0.0.1:${port}`);
const received = [];
const notes = new Map();
const sent = new Map();
let keys;

const federation = createFederation({
  kv: new MemoryKvStore(),
  allowPrivateAddress: true,
  firstKnock,
  origin: base.origin,
});

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (identifier !== "guus") return null;
    const pairs = await ctx.getActorKeyPairs(identifier);
    return new Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: "Guus",
      url: ctx.getActorUri(identifier),
      inbox: ctx.getInboxUri(identifier),
      outbox: ctx.getOutboxUri(identifier),
      followers: ctx.getFollowersUri(identifier),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
  .setKeyPairsDispatcher(async () => {
    keys ??= [
      await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
      await generateCryptoKeyPair("Ed25519"),
    ];
    return keys;
  });
federation.setOutboxDispatcher("/users/{identifier}/outbox", () => ({ items: [] }));
federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [] }));
federation.setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) => notes.get(id) ?? null);
federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
  software: { name: "guus-test", version: { major: 1, minor: 0, patch: 0 } },
  protocols: ["activitypub"],
  usage: { users: {}, localPosts: 0, localComments: 0 },
}));
federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(Follow, async (ctx, follow) => {
    received.push(await follow.toJsonLd({ format: "compact" }));
    const actor = ctx.getActorUri("guus");
    const follower = await follow.getActor(ctx);
    await send(ctx, follower, new Accept({ id: fresh("accept"), actor, object: follow, to: follower.id }));
  })
  .on(Activity, async (_ctx, activity) => {
    received.push(await activity.toJsonLd({ format: "compact" }));
  })
  .onError((_ctx, error) => received.push({ error: String(error) }));

async function send(ctx, recipient, activity) {
  sent.set(activity.id.href, activity);
  await ctx.sendActivity({ identifier: "guus" }, recipient, activity, { immediate: true });
  return activity.id.href;
}

function noteOf(ctx, { id, content, inReplyTo, group }, updated) {
  const uri = ctx.getObjectUri(Note, { id });
  const note = new Note({
    id: uri,
    url: uri,
    attribution: ctx.getActorUri("guus"),
    content,
    to: PUBLIC_COLLECTION,
    ccs: [new URL(group)],
    replyTarget: inReplyTo ? new URL(inReplyTo) : null,
    published: Temporal.Now.instant(),
    updated,
  });
  notes.set(id, note);
  return note;
}

const fresh = (kind) => new URL(`/${kind}/${crypto.randomUUID()}`, base);
const addressed = (group) => ({ to: PUBLIC_COLLECTION, ccs: [new URL(group)] });

const deeds = {
  async look(ctx, { uri }) {
    const documentLoader = await ctx.getDocumentLoader({ identifier: "guus" });
    const found = await ctx.lookupObject(uri, { documentLoader });
    return found && (await found.toJsonLd({ format: "compact" }));
  },
  async follow(ctx, { group }, actor) {
    const recipient = await ctx.lookupObject(group);
    return send(ctx, recipient, new Follow({ id: fresh("follow"), actor, object: recipient.id, to: recipient.id }));
  },
  async create(ctx, what, actor) {
    const note = noteOf(ctx, what);
    const recipient = await ctx.lookupObject(what.group);
    return send(ctx, recipient, new Create({ id: fresh("create"), actor, object: note, ...addressed(what.group) }));
  },
  async update(ctx, what, actor) {
    const note = noteOf(ctx, what, Temporal.Now.instant().add({ seconds: 5 }));
    const recipient = await ctx.lookupObject(what.group);
    return send(ctx, recipient, new Update({ id: fresh("update"), actor, object: note, ...addressed(what.group) }));
  },
  async delete(ctx, { id, group }, actor) {
    notes.delete(id);
    const recipient = await ctx.lookupObject(group);
    const object = new Tombstone({ id: ctx.getObjectUri(Note, { id }) });
    return send(ctx, recipient, new Delete({ id: fresh("delete"), actor, object, ...addressed(group) }));
  },
  async like(ctx, { object, group }, actor) {
    const recipient = await ctx.lookupObject(group);
    return send(ctx, recipient, new Like({ id: fresh("like"), actor, object: new URL(object), to: recipient.id }));
  },
  async undo(ctx, { activity, group }, actor) {
    const recipient = await ctx.lookupObject(group);
    return send(ctx, recipient, new Undo({ id: fresh("undo"), actor, object: sent.get(activity), to: recipient.id }));
  },
};

async function control(request) {
  if (request.method === "GET") return received;
  const { deed, ...what } = await request.json();
  const ctx = federation.createContext(base, undefined);
  return (await deeds[deed](ctx, what, ctx.getActorUri("guus"))) ?? null;
}

async function answer(request) {
  if (new URL(request.url).pathname !== "/control") {
    return federation.fetch(request, { contextData: undefined });
  }
  try {
    return Response.json(await control(request));
  } catch (error) {
    return Response.json({ error: String(error?.stack ?? error) }, { status: 500 });
  }
}

createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const request = new Request(new URL(incoming.url, base), {
    method: incoming.method,
    headers: incoming.headers,
    body: chunks.length ? Buffer.concat(chunks) : undefined,
  });
  const response = await answer(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
