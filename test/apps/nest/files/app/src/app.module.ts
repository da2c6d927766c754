import { Body, Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { CreateCat } from './create-cat';

@Injectable()
class Cats {
  readonly all: CreateCat[] = [];
}

@Controller()
class Pages {
  constructor(private readonly cats: Cats) {}

  @Get()
  hello(): string {
    return 'Hello from Nest';
  }

  @Post('cats')
  create(@Body() cat: CreateCat): CreateCat {
    this.cats.all.push(cat);
    return cat;
  }

  @Get('cats')
  list(): readonly CreateCat[] {
    return this.cats.all;
  }
}

@Module({ controllers: [Pages], providers: [Cats] })
export class AppModule {}
