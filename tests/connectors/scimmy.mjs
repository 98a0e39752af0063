// A SCIM service on scimmy-routers with its people in memory. `node scimmy.mjs MODULES PORT TOKEN`
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

const [modules, port, token] = process.argv.slice(2);
const load = createRequire(`${modules}/`);
const SCIMMY = load("scimmy").default ?? load("scimmy");
const SCIMMYRouters = load("scimmy-routers").default ?? load("scimmy-routers");
const express = load("express");

// An account that the service has and shows nobody.
const HIDDEN = "hidden-admin";

function store(type, login) {
    const all = new Map();
    const taken = (data, id) =>
        data[login].toLowerCase() === HIDDEN ||
        [...all.values()].some((other) => other.id !== id && other[login].toLowerCase() === data[login].toLowerCase());
    SCIMMY.Resources.declare(type)
        .ingress((resource, data) => {
            if (resource.id && !all.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `${resource.id} is not there`);
            if (taken(data, resource.id)) throw new SCIMMY.Types.Error(409, "uniqueness", `${login} is taken`);
            const id = resource.id ?? randomUUID();
            const meta = { ...all.get(id)?.meta, created: all.get(id)?.meta.created ?? new Date(), lastModified: new Date() };
            const kept = { ...JSON.parse(JSON.stringify(data)), id, meta };
            all.set(id, kept);
            return kept;
        })
        .egress((resource) => {
            if (resource.id) {
                if (!all.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `${resource.id} is not there`);
                return all.get(resource.id);
            }
            const everybody = [...all.values()];
            return resource.filter ? resource.filter.match(everybody) : everybody;
        })
        .degress((resource) => {
            if (!all.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, `${resource.id} is not there`);
        });
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
store(SCIMMY.Resources.User, "userName");
store(SCIMMY.Resources.Group, "displayName");

const app = express();
app.use("/v2", new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
        if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("wrong token");
        return "muster";
    },
}));
app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
