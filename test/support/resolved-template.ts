import { Template } from 'aws-cdk-lib/assertions';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn: readonly string[];
}

/** A template's resources with what CloudFormation would put in place of references: names and ARNs of what is made. */
export function resolved(
  template: Template | Readonly<Record<string, unknown>>,
  { account, region }: { readonly account: string; readonly region: string },
): ReadonlyMap<string, Resource> {
  const resources = fieldsOf((template instanceof Template ? template.toJSON() : template)['Resources']);
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const fields = fieldsOf(value);
    if (typeof fields['Ref'] === 'string') return refOf(fields['Ref']);
    if (Array.isArray(fields['Fn::GetAtt'])) return attributeOf(...pairOf(fields['Fn::GetAtt']));
    if (Array.isArray(fields['Fn::Join'])) return joined(fields['Fn::Join']);
    return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, resolve(item)]));
  };
  const joined = ([separator, parts]: readonly unknown[]): string =>
    (Array.isArray(parts) ? parts.map((part) => String(resolve(part))) : []).join(String(separator));
  const typeOf = (id: string): string => String(fieldsOf(resources[id])['Type']);
  const nameOf = (id: string, property: string): string => {
    const name = fieldsOf(fieldsOf(resources[id])['Properties'])[property];
    return typeof name === 'string' ? name : id;
  };
  const refOf = (id: string): string => {
    if (id === 'AWS::AccountId') return account;
    if (id === 'AWS::Region') return region;
    if (id === 'AWS::Partition') return 'aws';
    if (id === 'AWS::URLSuffix') return 'amazonaws.com';
    const name = NAME_PROPERTY[typeOf(id)];
    if (typeOf(id) === 'AWS::SQS::Queue') return `https://sqs.${region}.amazonaws.com/${account}/${id}`;
    return name === undefined ? id : nameOf(id, name);
  };
  const attributeOf = (id: string, attribute: string): string => {
    if (attribute === 'QueueName') return id;
    if (attribute !== 'Arn') return `${id}.${attribute}`;
    switch (typeOf(id)) {
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${account}:role/${nameOf(id, 'RoleName')}`;
      case 'AWS::SQS::Queue':
        return `arn:aws:sqs:${region}:${account}:${id}`;
      case 'AWS::Events::Rule':
        return `arn:aws:events:${region}:${account}:rule/${id}`;
      case 'AWS::KMS::Key':
        return `arn:aws:kms:${region}:${account}:key/${id}`;
      case 'AWS::Lambda::Function':
        return `arn:aws:lambda:${region}:${account}:function:${nameOf(id, 'FunctionName')}`;
      case 'AWS::Logs::LogGroup':
        return `arn:aws:logs:${region}:${account}:log-group:${nameOf(id, 'LogGroupName')}:*`;
      default:
        return `arn:aws:unknown:${region}:${account}:${id}`;
    }
  };
  return new Map(
    Object.entries(resources).map(([id, resource]) => {
      const { Type, Properties, DependsOn } = fieldsOf(resource);
      const dependsOn = (Array.isArray(DependsOn) ? DependsOn : [DependsOn]).flatMap((id: unknown) =>
        typeof id === 'string' ? [id] : [],
      );
      return [id, { Type: String(Type), Properties: fieldsOf(resolve(Properties)), DependsOn: dependsOn }];
    }),
  );
}

const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Events::EventBus': 'Name',
};

function pairOf(value: readonly unknown[]): readonly [string, string] {
  return [String(value[0]), String(value[1])];
}

/** An object's fields; none where it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
