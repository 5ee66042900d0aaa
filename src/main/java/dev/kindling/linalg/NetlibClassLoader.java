package dev.kindling.linalg;

import java.io.IOException;
import java.io.InputStream;

/**
 * Loads its own copy of netlib's BLAS classes from the parent's class files. Everything else comes from the parent,
 * including the public interface {@code BLAS}, through which the two sides interact.
 */
final class NetlibClassLoader extends ClassLoader {

    static final String PACKAGE = "dev.ludovic.netlib.blas.";

    NetlibClassLoader(ClassLoader parent) {
        super("kindling-netlib", parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGE) || name.equals(PACKAGE + "BLAS")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }
}
