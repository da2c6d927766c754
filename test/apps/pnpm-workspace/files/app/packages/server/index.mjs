import { greet } from '@work/greeting';
import { parse } from '@work/greeting/parse';
import Koa from 'koa';
import Router from 'koa-router';

const router = new Router();
router.get('/', (context) => {
  context.body = greet('workspace');
});
router.get('/time', (context) => {
  context.body = parse('2024-02-29T12:00:00-03:00');
});
new Koa().use(router.routes()).listen(8080);
