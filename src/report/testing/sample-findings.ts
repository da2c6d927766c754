import type { Finding } from '../../findings/model.ts';
import type { Package } from '../../inventory/model.ts';
import { hostileNames, samplePackages } from './sample-packages.ts';

type Parts = Partial<Omit<Finding, 'id' | 'packageId' | 'purl' | 'installedVersion'>> & {
  readonly fixed?: string;
};

function packageNamed(name: string): Package {
  const found = samplePackages.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no sample package ${name}`);
  return found;
}

function finding(name: string, id: string, parts: Parts): Finding {
  const item = packageNamed(name);
  const { fixed, ...rest } = parts;
  const source = item.source ?? { name: item.name, version: item.version };
  const feed = item.type === 'deb' ? 'debian-archive' : 'osv';
  return {
    id,
    aliases: [],
    packageId: item.id,
    purl: item.purl,
    installedVersion: item.version,
    group: `${item.type}/${source.name}@${source.version}`,
    severity: 'unknown',
    fix: fixed === undefined ? { state: 'unknown' } : { state: 'fixed', version: fixed },
    layer: item.layer,
    reachable: { answer: 'unknown', reason: 'not computed' },
    sources: [{ feed, id, url: `https://vulnerabilities.example.com/${id}` }],
    match: {
      rule: item.type === 'deb' ? 'changelog' : 'name',
      range: fixed === undefined ? [{ introduced: '0' }] : [{ introduced: '0' }, { fixed }],
      comparedVersion: source.version,
    },
    verdict: { kind: 'open' },
    ...rest,
  };
}

const curlFix = '7.88.1-10+deb12u8';
const opensslFix = '3.0.14-1~deb12u2';

/** Findings of every severity, fix state and verdict; the ids are invented. In no particular order. */
export const sampleFindings: readonly Finding[] = [
  ...['curl', 'libcurl4', 'libcurl3-gnutls'].flatMap((name) => [
    finding(name, 'CVE-2031-1001', {
      fixed: curlFix,
      severity: 'critical',
      score: 9.8,
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      severitySource: 'CVE-2031-1001 CVSS_V3',
      summary: 'Heap buffer overflow in the SOCKS5 handshake',
      published: '2031-01-11T00:00:00Z',
      reachable: {
        answer: 'yes',
        reason: 'a file of the package is needed by the entrypoint',
        chain: ['/usr/local/bin/node', '/usr/lib/x86_64-linux-gnu/libcurl.so.4'],
      },
    }),
    finding(name, 'CVE-2031-1002', { fixed: curlFix }),
    finding(name, 'CVE-2031-1003', { fixed: '7.88.1-10+deb12u7' }),
  ]),
  ...['libssl3', 'openssl'].flatMap((name) => [
    finding(name, 'CVE-2031-2001', {
      fixed: opensslFix,
      severity: 'high',
      score: 7.5,
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
      severitySource: 'CVE-2031-2001 CVSS_V3',
      aliases: ['DSA-9001-1'],
      summary: 'Denial of service while a certificate chain is checked',
    }),
    finding(name, 'CVE-2031-2002', { fixed: opensslFix }),
  ]),
  finding('git', 'CVE-2031-3001', {
    fixed: '1:2.39.5-0+deb12u1',
    severity: 'high',
    score: 8.1,
    reachable: { answer: 'no', reason: 'no file of the package is needed by the entrypoint' },
  }),
  finding('libc6', 'CVE-2031-4001', { fixed: '2.36-9+deb12u7', severity: 'medium', score: 5.9 }),
  finding('perl-base', 'CVE-2031-4002', { severity: 'low', score: 3.3, fix: { state: 'not-fixed' } }),
  finding('passwd', 'CVE-2031-4003', { severity: 'negligible', fix: { state: 'wont-fix' } }),
  finding('zlib1g', 'CVE-2031-4004', { severity: 'critical', score: 9.1, fix: { state: 'wont-fix' } }),
  finding('linux-libc-dev', 'CVE-2031-5001', {
    fixed: '6.1.69-1',
    severity: 'high',
    verdict: { kind: 'suppressed', by: 'rule', reason: 'the package ships no kernel image or module' },
  }),
  finding('lodash', 'CVE-2031-6001', {
    fixed: '4.17.21',
    severity: 'high',
    score: 7.2,
    vector: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    summary: 'Command injection in template | <b>options</b>',
  }),
  finding('minimist', 'CVE-2031-6002', {
    fixed: '1.2.6',
    severity: 'critical',
    score: 9.8,
    aliases: ['GHSA-dddd-eeee-ffff'],
    verdict: {
      kind: 'suppressed',
      by: 'ignore',
      reason: 'only used by the build; see https://example.com/42',
      expires: '2031-12-31',
    },
  }),
  finding('express', 'GHSA-gggg-hhhh-jjjj', { fixed: '4.19.2', severity: 'medium', score: 6.1 }),
  finding('Django', 'CVE-2031-7001', {
    fixed: '4.2.11',
    severity: 'critical',
    score: 9.1,
    aliases: ['GHSA-kkkk-mmmm-nnnn', 'PYSEC-2031-11'],
    sources: [
      { feed: 'osv', id: 'GHSA-kkkk-mmmm-nnnn', url: 'https://osv.dev/vulnerability/GHSA-kkkk-mmmm-nnnn' },
      { feed: 'osv', id: 'PYSEC-2031-11', url: 'https://osv.dev/vulnerability/PYSEC-2031-11' },
    ],
    verdict: { kind: 'denied', by: 'policy', reason: 'known to be exploited' },
  }),
  finding('requests', 'PYSEC-2031-12', {
    severity: 'medium',
    score: 6.1,
    match: { rule: 'name', range: '2.28.1', comparedVersion: '2.28.1' },
  }),
  finding('golang.org/x/net', 'CVE-2031-8001', {
    fixed: '0.23.0',
    severity: 'high',
    score: 7.5,
    aliases: ['GO-2031-1'],
  }),
  finding(hostileNames.markup, 'CVE-2031-9001', {
    severity: 'low',
    summary: '"><script>alert(1)</script>',
    sources: [{ feed: 'osv', id: 'CVE-2031-9001', url: 'javascript:alert(1)' }],
  }),
  finding(hostileNames.ansi, 'CVE-2031-9002', {
    severity: 'high',
    summary: '\u001b[2J\u001b]8;;http://x\u0007cleared',
  }),
  finding(hostileNames.markdown, 'CVE-2031-9003', { severity: 'medium', summary: '| --- |\n# heading [x](y)' }),
  finding(hostileNames.long, 'CVE-2031-9004', { fixed: '10.20.31', severity: 'low' }),
  finding(hostileNames.lines, 'CVE-2031-9005', { severity: 'low' }),
  finding(hostileNames.wide, 'CVE-2031-9006', { severity: 'medium', fixed: '1.0' }),
];
