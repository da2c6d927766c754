import { fastest, isOnPath, run } from './measure.mjs';
import { row } from './table.mjs';

/** Listing the packages of the same file, nothing cached: what the other tools can be asked for without a database. */
const peers = {
  trivy: (file) => [
    'image',
    '--input',
    file,
    '--format',
    'cyclonedx',
    '--quiet',
    '--offline-scan',
    '--cache-backend',
    'memory',
  ],
  syft: (file) => ['scan', `docker-archive:${file}`, '-o', 'cyclonedx-json', '-q'],
  grype: (file) => [`docker-archive:${file}`, '-o', 'json', '-q'],
};

/** Compares with the peers that are on PATH; without any there are no rows. */
export async function measurePeers(bench) {
  const rows = [];
  for (const [name, argumentsFor] of Object.entries(peers).filter(([name]) => isOnPath(name))) {
    const [own, peer] = await fastest(
      2,
      () => {
        bench.emptyCache();
        return run(process.execPath, [bench.cli, 'sbom', bench.inputs.plain], { env: bench.environment });
      },
      () => run(name, argumentsFor(bench.inputs.plain)),
    );
    rows.push(row('cold sbom, plain archive', own, { name, value: peer }));
  }
  return rows;
}
