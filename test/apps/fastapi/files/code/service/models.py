from typing import List, Optional

from pydantic import BaseModel, Field


class Item(BaseModel):
    name: str
    price: float = Field(gt=0)
    tags: List[str] = []
    note: Optional[str] = None
