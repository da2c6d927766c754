import { expect, it } from 'vitest';
import { dockerfileLine } from './dockerfile-line.ts';

it.each([
  ['the classic builder', '/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
  ['an added file', `/bin/sh -c #(nop) ADD file:${'4b'.repeat(32)} in / `, 'ADD file:4b4b4b4b4b4b in /'],
  ['a classic RUN', '/bin/sh -c apt-get update', 'RUN apt-get update'],
  ['BuildKit', 'RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
  ['BuildKit with arguments', 'RUN |2 A=1 B=x y /bin/sh -c make # buildkit', 'RUN make'],
  ['the classic builder with arguments', '|1 A=1 /bin/sh -c make', 'RUN make'],
  ['another shell', 'RUN /bin/bash -o pipefail -c make # buildkit', 'RUN /bin/bash -o pipefail -c make'],
  ['COPY', 'COPY . /app # buildkit', 'COPY . /app'],
  ['white space', '/bin/sh -c set -eux; \tapt-get \n install', 'RUN set -eux; apt-get install'],
  ['a comment of its own', 'bazel build //image', 'bazel build //image'],
  ['nothing', '', ''],
])('reads what %s left', (_, createdBy, expected) => {
  expect(dockerfileLine(createdBy)).toBe(expected);
});

it('looks at the start of a very long line only', () => {
  expect(dockerfileLine(`RUN ${'x '.repeat(5_000_000)}`).length).toBeLessThan(5_000);
});
