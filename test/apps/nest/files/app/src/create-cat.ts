import { IsInt, IsString } from 'class-validator';

export class CreateCat {
  @IsString()
  name!: string;

  @IsInt()
  age!: number;
}
