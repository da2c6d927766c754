from typing import Optional

from fastapi import FastAPI

from .models import Item

app = FastAPI(title="Items")


@app.get("/items/{item_id}")
def read_item(item_id: int, q: Optional[str] = None):
    return {"item_id": item_id, "q": q}


@app.post("/items", response_model=Item)
async def create_item(item: Item):
    return item
