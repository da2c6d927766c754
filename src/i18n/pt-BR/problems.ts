import { type ProblemMessages, problemText } from '../problem-text.ts';

const problems: ProblemMessages = {
  'name-unknown': () => 'o nome não é conhecido',
  'name-not-looked-up': () => 'o nome não pôde ser consultado',
  'nothing-listens': () => 'não há nada escutando ali',
  'connection-cut': () => 'a conexão foi cortada',
  'no-such-socket': () => 'não existe esse socket',
  'no-socket': () => 'nenhum socket foi encontrado',
  'no-permission': () => 'sem permissão',
  'no-route': () => 'não há rota até lá',
  'no-answer': () => 'não houve resposta a tempo',
  'stopped-sending': () => 'o envio parou no meio',
  'no-tls': () => 'o servidor não fala TLS',
  'certificate-expired': () => 'o certificado expirou',
  'certificate-self-signed': () => 'o certificado é assinado por uma autoridade que não é confiável',
  'certificate-unverified': () => 'o certificado não pode ser verificado',
  'certificate-other-name': () => 'o certificado é de outro nome',
  'no-web-address': () => 'não é um endereço da web',
  'endless-redirects': () => 'redireciona sem fim',
  'redirect-leaves-tls': () => 'um redirecionamento sairia do TLS',
  'answer-cut': ({ received, expected }) => `a resposta terminou depois de ${received} de ${expected} bytes`,
  'proxy-login': () => 'o proxy exige nome de usuário e senha',
  'proxy-refuses': ({ status }) => `o proxy respondeu com o status ${status}`,
  'proxy-address': () => 'isso não é um endereço de proxy',
  'answers-status': ({ status }) => `respondeu com o status ${status}`,
  refused: () => 'o acesso foi recusado',
  offline: () => '--offline não permite',
  'not-found': ({ what }) => `${what} não existe`,
  said: ({ text }) => text,
};

export const ofProblem = problemText(problems);
