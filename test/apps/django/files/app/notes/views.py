from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from .models import Note


def index(request):
    return render(request, "notes/index.html", {"notes": Note.objects.all()})


@csrf_exempt
def add(request):
    Note.objects.create(text=request.POST["text"])
    return redirect("/")
