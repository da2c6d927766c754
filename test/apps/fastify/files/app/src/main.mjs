import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify from 'fastify';

const app = Fastify({ logger: true });
await app.register(swagger, { openapi: { info: { title: 'Items', version: '1.0.0' } } });
await app.register(swaggerUi, { routePrefix: '/docs' });
const items = [];
const item = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } };
app.get('/items', { schema: { response: { 200: { type: 'array', items: item } } } }, async () => items);
app.post('/items', { schema: { body: item, response: { 201: item } } }, async (request, reply) => {
  items.push(request.body);
  return reply.code(201).send(request.body);
});
await app.listen({ port: 3000, host: '0.0.0.0' });
