import { capabilitiesOf, lowPorts } from './capabilities.ts';
import type { Profile, ProfileFacts } from './model.ts';
import { type WritableFolders, writableFolders } from './writable-folders.ts';

/**
 * A Pod (Kubernetes API, core/v1) whose security contexts meet the "restricted" Pod Security Standard where the image
 * does not run as root: no capability but what is needed, no new privileges, a root that cannot be written to where every
 * folder that is written to can be a volume.
 */
export const kubernetes: Profile = {
  render: async (facts) => {
    const { stringify } = await import('yaml');
    const folders = writableFolders(facts);
    return `${comments(facts, folders)
      .map((line) => `# ${line}\n`)
      .join('')}${stringify(pod(facts, folders), { lineWidth: 0 })}`;
  },
};

function comments({ trace }: ProfileFacts, { mixed }: WritableFolders): readonly string[] {
  const origin =
    trace === undefined
      ? 'Volumes are those of the image and folders that everybody may write to: nothing ran. --trace sees what is written.'
      : 'Volumes are the folders that a traced run wrote to.';
  return [
    origin,
    ...mixed.map(
      (path) => `${JSON.stringify(path)} has files of the image and is written to: with a read-only root it cannot be.`,
    ),
  ];
}

function pod(facts: ProfileFacts, { mountable, mixed }: WritableFolders): unknown {
  const { name, config, account } = facts;
  const { uid, gid } = account;
  const nonroot = uid !== 0;
  const add = capabilitiesOf(facts);
  const volumes = mountable.map((path, index) => ({ name: `written-${index + 1}`, path }));
  const ports = (config.exposedPorts ?? []).flatMap(portOf);
  // A capability that is added reaches no process of another user than root; ports are opened to everybody instead.
  const sysctls = [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName(name) },
    spec: {
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: nonroot,
        runAsUser: uid,
        runAsGroup: gid,
        ...(nonroot ? { fsGroup: gid } : {}),
        seccompProfile: { type: 'RuntimeDefault' },
        ...(nonroot && lowPorts(config).length > 0 ? { sysctls } : {}),
      },
      containers: [
        {
          name: podName(name),
          image: name,
          ...(ports.length > 0 ? { ports } : {}),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: mixed.length === 0,
            capabilities: { drop: ['ALL'], ...(add.length > 0 ? { add } : {}) },
          },
          ...(volumes.length > 0
            ? { volumeMounts: volumes.map((volume) => ({ name: volume.name, mountPath: volume.path })) }
            : {}),
        },
      ],
      ...(volumes.length > 0 ? { volumes: volumes.map((volume) => ({ name: volume.name, emptyDir: {} })) } : {}),
    },
  };
}

/** `8080/tcp` of an image configuration. */
function portOf(text: string): readonly { readonly containerPort: number; readonly protocol: string }[] {
  const [, port = '', protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(text) ?? [];
  return port === '' ? [] : [{ containerPort: Number(port), protocol: protocol.toUpperCase() }];
}

/** An RFC 1123 label made of the last part of a repository. */
function podName(name: string): string {
  const last =
    name
      .replace(/:[^/]*$/, '')
      .split('/')
      .at(-1) ?? '';
  const label = last
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'image' : label;
}
