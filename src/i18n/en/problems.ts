import { type ProblemMessages, problemText } from '../problem-text.ts';

const problems: ProblemMessages = {
  'name-unknown': () => 'its name is not known',
  'name-not-looked-up': () => 'its name could not be looked up',
  'nothing-listens': () => 'nothing listens there',
  'connection-cut': () => 'the connection was cut',
  'no-such-socket': () => 'there is no such socket',
  'no-socket': () => 'no socket was found',
  'no-permission': () => 'no permission',
  'no-route': () => 'no way leads there',
  'no-answer': () => 'it did not answer in time',
  'stopped-sending': () => 'it stopped sending',
  'no-tls': () => 'it does not speak TLS',
  'certificate-expired': () => 'its certificate has expired',
  'certificate-self-signed': () => 'its certificate is signed by an authority that is not trusted',
  'certificate-unverified': () => 'its certificate cannot be verified',
  'certificate-other-name': () => 'its certificate is for another name',
  'no-web-address': () => 'it is no address of the web',
  'endless-redirects': () => 'it redirects without end',
  'redirect-leaves-tls': () => 'a redirect would leave TLS',
  'answer-cut': ({ received, expected }) => `the answer ended after ${received} of ${expected} bytes`,
  'proxy-login': () => 'the proxy wants a user name and a password',
  'proxy-refuses': ({ status }) => `the proxy answered with status ${status}`,
  'proxy-address': () => 'that is no address of a proxy',
  'answers-status': ({ status }) => `it answered with status ${status}`,
  refused: () => 'it refused access',
  offline: () => '--offline forbids it',
  'not-found': ({ what }) => `${what} was not found`,
  said: ({ text }) => text,
};

export const ofProblem = problemText(problems);
