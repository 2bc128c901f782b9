import * as z from 'zod/mini';
import { described } from './described.ts';
import {
  arnOf,
  availabilityZone,
  emailAddress,
  homeName,
  instanceName,
  secretPattern,
  securityGroupId,
  subnetId,
  tagText,
  vpcId,
} from './deployment-formats.ts';
import { accountId, fields, list, region } from './formats.ts';

/** What only the deployment needs: parts of keyrelay.yaml that no function ever reads. */

const Network = fields({
  vpcId: described(
    vpcId,
    'The VPC that the functions run in, from which the private API servers are reached.',
  ),
  availabilityZones: described(
    list(availabilityZone).check(z.minLength(1)),
    'Availability zones of the subnets, in their order.',
  ),
  subnetIds: described(
    list(subnetId).check(z.minLength(1)),
    'Private subnets for the functions, one for each availability zone.',
  ),
  endpoints: described(
    z._default(z.enum(['create', 'existing']), 'create'),
    'Whether the deployment creates the interface endpoints that the functions need (the stores, SQS, EKS, STS, EventBridge). `existing`: they, or a NAT gateway, are there already.',
  ),
});

const Home = fields({
  region: described(region, 'AWS region of this relay.'),
  name: described(
    z.optional(homeName),
    'What clusters[].home calls this relay, and part of the names of its resources; its region where absent.',
  ),
  network: described(
    z.optional(Network),
    'For clusters with a private API server. Outside any VPC where absent.',
  ),
});

const EVENTS = { accounts: [], trail: 'existing' } as const;

const Events = fields({
  busArn: described(
    z.optional(arnOf('events', 'event-bus')),
    'A bus on which the events of Secrets Manager arrive already. Where absent, the relay listens on the default bus and has events forwarded from wherever else declared secrets are.',
  ),
  accounts: described(
    z._default(list(accountId), [...EVENTS.accounts]),
    'Further accounts whose events are taken from busArn; those of declared ARNs need not be named.',
  ),
  trail: described(
    z._default(z.enum(['existing', 'create']), EVENTS.trail),
    'Deletion, restoration and tags are told by CloudTrail only: `create` makes a trail for management events, `existing` relies on one that is there (rotations need none).',
  ),
});

const ALARMS = { emails: [], propagationSeconds: 60 };

const Alarms = fields({
  topicArn: described(
    z.optional(arnOf('sns', '')),
    'An SNS topic in the region of the relay that alarms go to; a topic of its own where absent.',
  ),
  emails: described(
    z._default(list(emailAddress), ALARMS.emails),
    'Addresses that the relay’s own topic sends alarms to.',
  ),
  propagationSeconds: described(
    z._default(z.int('a whole number').check(z.minimum(1), z.maximum(86_400)), ALARMS.propagationSeconds),
    'An alarm tells when 1 of 100 changes takes longer than this from Secrets Manager to the Secret.',
  ),
});

const RELAY = { name: 'keyrelay', alarms: ALARMS, terminationProtection: true, tags: {} };

export const Relay = fields({
  name: described(
    z._default(instanceName, RELAY.name),
    'Beginning of the names of all stacks and resources, and the Kubernetes group of the relay.',
  ),
  account: described(
    z.optional(accountId),
    'Account that the relay runs in; the first cluster’s where absent.',
  ),
  homes: described(
    z.optional(list(Home).check(z.minLength(1))),
    'One relay for each; each cluster is served by one. Where absent, one in the region of the first store.',
  ),
  events: described(z._default(Events, { ...EVENTS, accounts: [] }), 'Where events come from.'),
  alarms: described(z._default(Alarms, ALARMS), 'Who is told, and when.'),
  terminationProtection: described(
    z._default(z.boolean('true or false'), RELAY.terminationProtection),
    'Whether the stacks are protected from deletion.',
  ),
  tags: described(
    z._default(z.record(tagText(128), tagText(256), 'a mapping'), {}),
    'Tags of every resource.',
  ),
});

/** Where keyrelay.yaml says nothing about the relay. */
export const RELAY_DEFAULT = { ...RELAY, events: { ...EVENTS, accounts: [] } };

/** Fields of a cluster that the deployment reads. */
export const CLUSTER_FIELDS = {
  home: described(
    z.optional(homeName),
    'Name of the relay.homes item that serves this cluster; where absent, the one in the cluster’s region, else the first.',
  ),
  access: described(
    z._default(z.enum(['rbac', 'access-policy', 'none']), 'rbac'),
    '`rbac`: an access entry with a group, and a Role in each namespace. `access-policy`: EKS’s own AmazonEKSSecretAdminPolicy for the namespaces. `none`: you grant access yourself.',
  ),
  install: described(
    z.optional(z.enum(['deployment', 'gitops'])),
    'Who applies the Roles and the admission policy: the deployment, or you, from `npm run manifests`. Where absent, `deployment`, and `gitops` with access-policy, which needs nothing in the cluster.',
  ),
  securityGroupId: described(
    z.optional(securityGroupId),
    'The cluster’s security group, which then admits the functions of a relay in a VPC.',
  ),
};

/** Fields of a store that the deployment reads. */
export const STORE_FIELDS = {
  secrets: described(
    z._default(list(secretPattern), []),
    'Name patterns (`prod/*`) that the relay may read; where absent, exactly the secrets that are declared.',
  ),
  kmsKeys: described(
    z._default(list(arnOf('kms', 'key')), []),
    'ARNs of the customer managed keys that encrypt the secrets.',
  ),
};
