import { inlineProject } from '/work/main/hub/testing/inline-project.ts';
import { testPlanner } from '/work/main/hub/testing/query-plan.ts';
import { loadInGateway } from '/work/main/hub/testing/load-in-gateway.ts';
const identity = `
interface CustomerIdentity { id: ID! name: String! }
type Customer implements CustomerIdentity @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
type Query { customer(id: ID!): Customer customerIdentity(id: ID!): CustomerIdentity }`;
async function tryIt(label: string, d: any, r: any, ...queries: string[]) {
  try {
    const p = inlineProject(d, r);
    await loadInGateway(p.supergraphSdl);
    const plan = testPlanner(p.supergraphSdl);
    console.log('==', label, p.hints.filter(h=>h.level==='warning').map(h=>h.code).join(' '));
    for (const q of queries) { try { console.log('  ', q, '->', plan(q).fetches.join(', ')); } catch (e) { console.log('  ', q, '-> PLAN ERR', (e as Error).message); } }
  } catch (e) { console.log('==', label, 'ERR', (e as any).code, (e as Error).message, (e as any).hint); }
}
const sales = `scalar Decimal type Customer @key(fields: "id") @table { id: ID! accountValue: Decimal @column(type: "DECIMAL(18,2)") }`;
await tryIt('base', { identity, sales }, {}, '{customer(id:1){id name accountValue}}', '{customerIdentity(id:1){name ... on Customer {accountValue}}}');
await tryIt('override remote full', { identity, sales }, { crm: `type Customer @key(fields:"id") { id: ID! accountValue: Decimal @override(from: "sales") } scalar Decimal` }, '{customer(id:1){accountValue}}', '{customer(id:1){name}}','{customers{nodes{name accountValue}}}');
await tryIt('override remote label', { identity, sales }, { crm: `type Customer @key(fields:"id") { id: ID! accountValue: Decimal @override(from: "sales", label: "percent(5)") } scalar Decimal` }, '{customer(id:1){accountValue}}', '{customer(id:1){name}}');
await tryIt('override lake from remote', { identity, sales: sales.replace('@column', '@override(from: "crm") @column') }, { crm: `type Customer @key(fields:"id") { id: ID! accountValue: Decimal } scalar Decimal` }, '{customer(id:1){accountValue}}');
await tryIt('override lake from remote label', { identity, sales: sales.replace('@column', '@override(from: "crm", label: "percent(5)") @column') }, { crm: `type Customer @key(fields:"id") { id: ID! accountValue: Decimal } scalar Decimal` }, '{customer(id:1){accountValue}}');
await tryIt('override within lake', { identity, sales: sales.replace('@column', '@override(from: "billing") @column'), billing: sales }, {}, '{customer(id:1){accountValue}}');
await tryIt('override within lake label', { identity, sales: sales.replace('@column', '@override(from: "billing", label: "percent(5)") @column'), billing: sales }, {}, '{customer(id:1){accountValue}}');
await tryIt('override root to remote', { identity, sales }, { crm: `type Customer @key(fields:"id", resolvable: false) { id: ID! } type Query { customer(id: ID!): Customer @override(from: "identity") }` }, '{customer(id:1){accountValue}}');
await tryIt('override root from remote', { identity: identity.replace('): Customer ', '): Customer @override(from: "crm") '), sales }, { crm: `type Customer @key(fields:"id", resolvable: false) { id: ID! } type Query { customer(id: ID!): Customer }` }, '{customer(id:1){accountValue}}');
await tryIt('shared root', { identity: identity.replace('): Customer ', '): Customer @shareable '), sales }, { crm: `type Customer @key(fields:"id", resolvable: false) { id: ID! } type Query { customer(id: ID!): Customer @shareable }` }, '{customer(id:1){accountValue}}');
await tryIt('iface computed', { identity: identity.replace('name: String! }', 'name: String! initials: String! }').replace('name") { id: ID! name: String! }', 'name initials") { id: ID! name: String! initials: String! @computed}'), sales }, {}, '{customerIdentity(id:1){name}}', '{customerIdentity(id:1){name initials}}','{customer(id:1){...on CustomerIdentity{name initials}}}','{customerIdentity(id:1){initials}}','{customerIdentity(id:1){__typename}}');
await tryIt('iface only computed', { identity: `interface Scored { score: Int! } type Customer implements Scored @key(fields: "id") @table { id: ID! name: String score: Int! @computed } type Query { scored(id: ID!): Scored }`, sales: '' + sales.replace('@table {','@table {') .replace('type Customer','type X')}, {}, '{scored(id:1){score}}', '{customer(id:1){score name}}');
await tryIt('two ifaces', { identity, sales: `interface Account { id: ID! accountValue: Int } type Customer implements Account @key(fields: "id") @table { id: ID! accountValue: Int } type Query { account(id: ID!): Account }` }, {}, '{account(id:1){accountValue ... on CustomerIdentity{name}}}', '{customer(id:1){... on Account {accountValue} ... on CustomerIdentity{name}}}','{customers{nodes{... on Account {accountValue} ... on CustomerIdentity{name}}}}');
await tryIt('interface with key + interfaceObject', { identity: identity.replace('interface CustomerIdentity {', 'interface CustomerIdentity @key(fields: "id") {') }, { notes: `type CustomerIdentity @interfaceObject @key(fields: "id") { id: ID! note: String }` }, '{customerIdentity(id:1){name note}}', '{customer(id:1){name note}}','{customers{nodes{note}}}');
await tryIt('pageinfo shareable', { identity }, { crm: `type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String } type Query { p: PageInfo }` }, '{p{hasNextPage} customers{pageInfo{hasNextPage}}}');
await tryIt('pageinfo not shareable', { identity }, { crm: `type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String } type Query { p: PageInfo }` });
await tryIt('pageinfo fewer', { identity }, { crm: `type PageInfo @shareable { hasNextPage: Boolean! } type Query { p: PageInfo }` });
await tryIt('pageinfo more', { identity }, { crm: `type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String total: Int} type Query { p: PageInfo }` });
await tryIt('customer by email computed', { identity: identity.replace('customer(id: ID!)', 'customer(email: String!)') }, {}, '{customer(email:"x"){name}}', '{customers{nodes{name}}}');
await tryIt('int key', { identity: `type Product @key(fields: "sku") @table { sku: Int! name: String }` }, {}, '{product(sku: 5){name}}');
await tryIt('several keys', { identity, billing: `type Customer @key(fields: "id") @key(fields: "vatNumber") @table { id: ID! vatNumber: String terms: String }` }, { crm: `type Lead { customer: Customer } type Customer @key(fields: "vatNumber", resolvable: false) { vatNumber: String } type Query { lead: Lead }` }, '{lead{customer{name terms}}}');
await tryIt('resolvable false', { identity, billing: `type Customer @key(fields: "id") @key(fields: "vatNumber", resolvable: false) @table { id: ID! vatNumber: String terms: String }` }, { crm: `type Lead { customer: Customer } type Customer @key(fields: "vatNumber", resolvable: false) { vatNumber: String } type Query { lead: Lead }` }, '{lead{customer{name terms}}}');
await tryIt('enum fewer remote', { identity: identity.replace('name: String! }\ntype Query', 'name: String! tier: Tier }\nenum Tier {A B}\ntype Query').replace('fields: "id name"', 'fields: "id name tier"') }, { crm: `enum Tier {A} type Query { t: Tier }` }, '{t customer(id:1){tier}}');
await tryIt('enum fewer remote input', { identity: identity.replace('name: String! }\ntype Query', 'name: String! tier: Tier }\nenum Tier {A B}\ntype Query').replace('fields: "id name"', 'fields: "id name tier"') }, { crm: `enum Tier {A} type Query { t(tier: Tier): Int }` }, '{t customer(id:1){tier}}');
await tryIt('enum more remote', { identity: identity.replace('name: String! }\ntype Query', 'name: String! tier: Tier }\nenum Tier {A B}\ntype Query').replace('fields: "id name"', 'fields: "id name tier"') }, { crm: `enum Tier {A B C} type Query { t: Tier }` }, '{t customer(id:1){tier}}');
await tryIt('provides', { identity, billing: `type Customer @key(fields: "id") @table { id: ID! name: String! @external terms: String } type Query { debtor: Customer @provides(fields: "name") }` }, {}, '{debtor{name terms}}','{debtor{name}}');
await tryIt('remote provides', { identity, sales }, { crm: `type Customer @key(fields: "id") { id: ID! name: String! @external } type Lead { customer: Customer @provides(fields: "name") } type Query { lead: Lead }` }, '{lead{customer{name}}}', '{lead{customer{name accountValue}}}');
await tryIt('stub', { billing: `type Invoice @key(fields: "id") @table { id: ID! product: Product @relation(columns: ["product_upc"]) } type Product @key(fields: "upc", resolvable: false) { upc: Int! }` }, { products: `type Product @key(fields: "upc") { upc: Int! title: String }` }, '{invoice(id:1){product{upc}}}', '{invoice(id:1){product{upc title}}}');
await tryIt('entities collide', { a: `type Customer @key(fields: "id") @table { id: ID! } type Customers @key(fields: "id") @table { id: ID! }` }, {});
await tryIt('requires on hub', { identity, sales: `type Customer @key(fields: "id") @table { id: ID! accountValue: Int name: String! @external label: String @requires(fields: "name") }` }, {}, '{customer(id:1){label}}', '{customers{nodes{label name}}}');
await tryIt('fed1 remote', { identity }, { crm: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"]) type Customer @key(fields:"id") { id: ID! nick: String }` }, '{customer(id:1){nick name}}');
